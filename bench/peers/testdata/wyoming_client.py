"""The wyoming package, which Home Assistant uses, against a server: wyoming_client.py ADDRESS."""
import asyncio
import sys

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.error import Error
from wyoming.info import Describe, Info
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop, SynthesizeStopped, SynthesizeVoice

host, port = sys.argv[1].rsplit(":", 1)
SLT = SynthesizeVoice(name="en-US-Flite-Slt")


def check(condition, *said):
    if not condition:
        raise AssertionError(said)


async def sound(client):
    """From audio-start to audio-stop: the samples' bytes."""
    event = await client.read_event()
    check(AudioStart.is_type(event.type), event)
    form = AudioStart.from_event(event)
    check((form.rate, form.width, form.channels) == (16000, 2, 1), form)
    audio = b""
    while True:
        event = await client.read_event()
        if AudioStop.is_type(event.type):
            return audio
        check(AudioChunk.is_type(event.type), event)
        audio += AudioChunk.from_event(event).audio


async def main():
    async with AsyncTcpClient(host, int(port)) as client:
        await client.write_event(Describe().event())
        info = Info.from_event(await client.read_event())
        program = info.tts[0]
        check(program.installed and program.supports_synthesize_streaming, program)
        check(any(v.name == SLT.name and v.languages == ["en-US"] and v.installed for v in program.voices), program.voices)

        text = "Hello, world. This is the second sentence."
        await client.write_event(Synthesize(text=text, voice=SLT).event())
        whole = await sound(client)
        check(len(whole) > 32000, len(whole))

        # As Home Assistant does it: cut anywhere, then the whole text for others.
        await client.write_event(SynthesizeStart(voice=SLT).event())
        for i in range(0, len(text), 7):
            await client.write_event(SynthesizeChunk(text=text[i:i + 7]).event())
        await client.write_event(Synthesize(text=text, voice=SLT).event())
        await client.write_event(SynthesizeStop().event())
        streamed = await sound(client)
        check(abs(len(streamed) - len(whole)) < 32000, len(streamed), len(whole))
        check(SynthesizeStopped.is_type((await client.read_event()).type), "no synthesize-stopped")

        await client.write_event(Synthesize(text=text).event())
        check((await client.read_event()).type == "audio-start", "no voice asked for")

    async with AsyncTcpClient(host, int(port)) as client:
        await client.write_event(Synthesize(text=text, voice=SynthesizeVoice(name="nobody")).event())
        event = await client.read_event()
        check(Error.is_type(event.type) and "voice" in Error.from_event(event).text, event)
        check(await client.read_event() is None, "the connection is open")


asyncio.run(main())
