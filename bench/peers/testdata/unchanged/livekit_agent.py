"""LiveKit's plugin for Google's voices, as it is and with its default settings."""
import asyncio

from livekit.agents import APIConnectOptions
from livekit.plugins import google


async def main():
    tts = google.TTS()
    stream = tts.stream(conn_options=APIConnectOptions(max_retry=0))
    stream.push_text("Hello there, it is so good to hear from you again today.")
    stream.end_input()
    samples, rate = 0, 1
    async for audio in stream:
        samples += len(bytes(audio.frame.data)) // 2
        rate = audio.frame.sample_rate
    await stream.aclose()
    assert 1 < samples / rate < 20, samples / rate
    print("spoken livekit")


asyncio.run(main())
