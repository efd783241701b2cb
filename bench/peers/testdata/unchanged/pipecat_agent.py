"""Pipecat's service for Google's voices, as it is and with its default settings."""
import asyncio
import sys

from loguru import logger
from pipecat.frames.frames import ErrorFrame, TTSAudioRawFrame, TTSSpeakFrame
from pipecat.services.google.tts import GoogleTTSService
from pipecat.tests.utils import run_test

logger.remove()
logger.add(sys.stderr, level="WARNING")


async def main():
    down, up = await run_test(GoogleTTSService(), frames_to_send=[TTSSpeakFrame("Hello there. How are you today?")], start_timeout=10)
    assert not [f for f in up if isinstance(f, ErrorFrame)], up
    sound = [f for f in down if isinstance(f, TTSAudioRawFrame)]
    seconds = sum(len(f.audio) for f in sound) / 2 / sound[0].sample_rate
    assert 1 < seconds < 10, seconds
    print("spoken pipecat")


asyncio.run(main())
