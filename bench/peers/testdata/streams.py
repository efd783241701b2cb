"""Streams of Google's own Python client against a server: streams.py ADDRESS VERSION."""
import asyncio
import importlib
import sys
import time

import grpc
from google.api_core import exceptions

address, version = sys.argv[1:]
tts = importlib.import_module("google.cloud.texttospeech_" + version)


def check(condition, *said):
    if not condition:
        raise AssertionError(said)


voice = tts.VoiceSelectionParams(name="en-US-Chirp3-HD-Charon", language_code="en-US")


def config(**more):
    return tts.StreamingSynthesizeRequest(streaming_config=tts.StreamingSynthesizeConfig(voice=voice, **more))


def text(said, **more):
    return tts.StreamingSynthesizeRequest(input=tts.StreamingSynthesisInput(text=said, **more))


client = tts.TextToSpeechClient(transport=tts.TextToSpeechClient.get_transport_class("grpc")(channel=grpc.insecure_channel(address)))

# Google's sample: a configuration without a word on the sound, and fragments that
# are cut inside of sentences.
fragments = ["Hello there. ", "How are you ", "today? It's ", "such nice weather outside."]


def sample():
    yield config()
    for f in fragments:
        yield text(f)


sound = b"".join(r.audio_content for r in client.streaming_synthesize(sample()))
whole = client.synthesize_speech(
    input=tts.SynthesisInput(text="".join(fragments)), voice=voice,
    audio_config=tts.AudioConfig(audio_encoding=tts.AudioEncoding.PCM, sample_rate_hertz=24000)).audio_content
check(sound == whole, len(sound), len(whole))

# One Ogg stream over all messages.
opus = tts.StreamingAudioConfig(audio_encoding=tts.AudioEncoding.OGG_OPUS, sample_rate_hertz=24000, speaking_rate=1.0)
sound = b"".join(r.audio_content for r in client.streaming_synthesize(iter(
    [config(streaming_audio_config=opus), text("Hello there.", prompt="Be kind."), text("Goodbye.")])))
check(sound[:4] == b"OggS" and sound.count(b"OpusHead") == 1, sound[:64])

# Speech comes while the text is still being written.
heard = []


def slowly():
    yield config()
    yield text("This comes first.")
    until = time.monotonic() + 10
    while not heard and time.monotonic() < until:
        time.sleep(0.01)
    check(heard, "nothing is heard before the text has ended")
    yield text("And this comes last.")


for reply in client.streaming_synthesize(slowly()):
    heard.append(reply.audio_content)

for messages, code, said in [
    ([text("Hello.")], exceptions.InvalidArgument, "streaming_config"),
    ([config(), config()], exceptions.InvalidArgument, "one streaming_config"),
    ([config(streaming_audio_config=tts.StreamingAudioConfig(audio_encoding=tts.AudioEncoding.LINEAR16))], exceptions.InvalidArgument, "Unsupported audio encoding"),
    ([config(), text("a" * (1 << 20))], exceptions.InvalidArgument, "5000 is the limit"),
]:
    try:
        list(client.streaming_synthesize(iter(messages)))
        check(False, "taken", messages[-1])
    except code as e:
        check(said in str(e), e)


async def asynchronously():
    """An early refusal arrives as what it is, each time."""
    transport = tts.TextToSpeechAsyncClient.get_transport_class("grpc_asyncio")(channel=grpc.aio.insecure_channel(address))
    client = tts.TextToSpeechAsyncClient(transport=transport)

    async def wrong():
        yield text("Hello.")

    for _ in range(25):
        try:
            async for _ in await client.streaming_synthesize(requests=wrong()):
                pass
            check(False, "taken")
        except exceptions.InvalidArgument as e:
            check("streaming_config" in str(e), e)

    async def right():
        yield config()
        for f in fragments:
            yield text(f)

    sound = b""
    async for reply in await client.streaming_synthesize(requests=right()):
        sound += reply.audio_content
    check(sound == whole, len(sound), len(whole))
    await transport.close()


asyncio.run(asynchronously())
print("ok", version)
