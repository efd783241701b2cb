"""Pipecat's services for Google's voices against a server: pipecat_agent.py ADDRESS."""
import asyncio
import struct
import sys

import grpc
from google.cloud import texttospeech_v1
from loguru import logger
from pipecat.frames.frames import ErrorFrame, LLMFullResponseEndFrame, LLMFullResponseStartFrame, LLMTextFrame, TTSAudioRawFrame, TTSSpeakFrame
from pipecat.services.google.tts import GeminiTTSService, GoogleTTSService
from pipecat.tests.utils import run_test

address = sys.argv[1]
logger.remove()
logger.add(sys.stderr, level="WARNING")


def check(condition, *said):
    if not condition:
        raise AssertionError(said)


class Here:
    """The services have no setting for an endpoint; their client is made here."""

    def _create_client(self, credentials, credentials_path):
        transport = texttospeech_v1.TextToSpeechAsyncClient.get_transport_class("grpc_asyncio")
        return texttospeech_v1.TextToSpeechAsyncClient(transport=transport(channel=grpc.aio.insecure_channel(address)))


class Google(Here, GoogleTTSService):
    pass


class Gemini(Here, GeminiTTSService):
    pass


async def spoken(service, frames):
    """How many seconds of sound a pipeline with the service makes."""
    down, up = await run_test(service, frames_to_send=frames, start_timeout=10)
    check(not [f for f in up if isinstance(f, ErrorFrame)], up)
    sound = [f for f in down if isinstance(f, TTSAudioRawFrame)]
    check(sound, down)
    samples = b"".join(f.audio for f in sound)
    values = struct.unpack("<%dh" % (len(samples) // 2), samples)
    check(max(values) > 1000, max(values))
    return len(values) / sound[0].sample_rate


async def main():
    seconds = await spoken(Google(), [TTSSpeakFrame("Hello there. How are you today?")])
    check(1 < seconds < 10, seconds)
    settings = Google.Settings(voice="en-US-Chirp3-HD-Aoede", speaking_rate=1.5)
    check(0.5 < await spoken(Google(settings=settings), [TTSSpeakFrame("Hello there. How are you today?")]) < seconds)

    # As a model writes: the service makes sentences of it.
    words = [LLMTextFrame(word + " ") for word in "That is a good question. Let me think about it for a moment.".split(" ")]
    seconds = await spoken(Google(), [LLMFullResponseStartFrame(), *words, LLMFullResponseEndFrame()])
    check(2 < seconds < 20, seconds)

    # Gemini's voices, one and two of them.
    settings = Gemini.Settings(model="gemini-2.5-flash-tts", voice="Kore", prompt="Be kind.")
    check(0.5 < await spoken(Gemini(settings=settings), [TTSSpeakFrame("Good morning to you.")]) < 5)
    settings = Gemini.Settings(model="gemini-2.5-flash-tts", multi_speaker=True, speaker_configs=[
        {"speaker_alias": "Ann", "speaker_id": "Kore"}, {"speaker_alias": "Bob", "speaker_id": "Charon"}])
    check(0.5 < await spoken(Gemini(settings=settings), [TTSSpeakFrame("Good morning to both of you.")]) < 5)


asyncio.run(main())
