"""LiveKit's plugin for Google's voices against a server: livekit_agent.py ADDRESS."""
import asyncio
import io
import struct
import sys
import time

import grpc
from google.cloud import texttospeech
from livekit.agents import APIConnectOptions
from livekit.plugins import google

address = sys.argv[1]


class TTS(google.TTS):
    """The plugin has no setting for an endpoint; its client is made here."""

    def _ensure_client(self):
        if self._client is None:
            transport = texttospeech.TextToSpeechAsyncClient.get_transport_class("grpc_asyncio")
            self._client = texttospeech.TextToSpeechAsyncClient(
                transport=transport(channel=grpc.aio.insecure_channel(address)))
        return self._client


def check(condition, *said):
    if not condition:
        raise AssertionError(said)


once = APIConnectOptions(max_retry=0)


async def sound(stream):
    """What is heard, and when it began."""
    samples, first, rate = b"", None, None
    async for audio in stream:
        first = first or time.monotonic()
        samples += bytes(audio.frame.data)
        rate = audio.frame.sample_rate
    return samples, first, rate


def heard(samples, rate, least, most):
    values = struct.unpack("<%dh" % (len(samples) // 2), samples)
    check(least < len(values) / rate < most, len(values) / rate)
    check(max(values) > 1000, max(values))


async def main():
    # With its default settings, and as agents speak: words as a model writes them,
    # a sentence with a wait behind it.
    tts = TTS()
    stream = tts.stream(conn_options=once)

    async def write():
        for word in "Hello there, it is so good to hear from you again today. ".split(" "):
            stream.push_text(word + " ")
        stream.push_text("How are")
        await asyncio.sleep(1)
        written = time.monotonic()
        stream.push_text(" you today? I hope that all is well with you.")
        stream.end_input()
        return written

    written, (samples, first, rate) = await asyncio.gather(write(), sound(stream))
    check(first < written, "nothing is heard before the text has ended")
    heard(samples, rate, 3, 20)
    await stream.aclose()

    # The other ways that the plugin can be told to speak.
    for settings in (
            {"voice_name": "en-US-Chirp3-HD-Aoede", "speaking_rate": 1.5},
            {"language": "de-DE", "gender": "male"},
            {"audio_encoding": texttospeech.AudioEncoding.OGG_OPUS},
            {"sample_rate": 16000, "prompt": "Be kind."},
            {"use_markup": True, "voice_name": "en-US-Chirp3-HD-Charon"}):
        stream = TTS(**settings).stream(conn_options=once)
        stream.push_text("One moment, please, while I look that up for you. Here it is.")
        stream.end_input()
        samples, _, rate = await sound(stream)
        heard(samples, rate, 1, 20)
        await stream.aclose()
    whole = TTS(use_streaming=False, enable_ssml=True).synthesize("Whole <break time='300ms'/> answers.", conn_options=once)
    samples, _, rate = await sound(whole)
    heard(samples, rate, 0.5, 10)

    # An interruption, then the next answer.
    stream = tts.stream(conn_options=once)
    stream.push_text("This is a long answer that nobody wants to hear to its end. " * 40)
    stream.end_input()
    await anext(aiter(stream))
    await stream.aclose()
    stream = tts.stream(conn_options=once)
    stream.push_text("And this is the next one, which is heard.")
    stream.end_input()
    samples, _, rate = await sound(stream)
    heard(samples, rate, 1, 10)
    await stream.aclose()


asyncio.run(main())
