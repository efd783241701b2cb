"""Home Assistant's own integration of Google Cloud, as it is, in a hub with nothing else.

It names no endpoint. What is not here is the rest of a hub: its pages, its database,
its media player.
"""
import asyncio
import tempfile

from homeassistant.components.google_cloud import tts
from homeassistant.core import HomeAssistant


async def main():
    with tempfile.TemporaryDirectory() as directory:
        hass = HomeAssistant(directory)
        # By the hub's own rules of configuration, and by the account that the program has.
        config = tts.PLATFORM_SCHEMA({"platform": "google_cloud", "encoding": "ogg_opus"})
        provider = await tts.async_get_engine(hass, config)
        assert provider is not None, "it cannot list the voices"
        assert "en-US" in provider.supported_languages and provider.default_language == "en-US"
        voice = provider.async_get_supported_voices("en-US")[0].voice_id
        for options, extension, head in (
                ({}, "ogg", b"OggS"),
                ({"voice": voice, "encoding": "LINEAR16", "speed": 1.2, "pitch": 2.0}, "wav", b"RIFF"),
                ({"text_type": "ssml", "encoding": "MP3", "gender": "FEMALE"}, "mp3", b"")):
            said = "<speak>The front door is open.</speak>" if options.get("text_type") == "ssml" else "The front door is open."
            kind, sound = await provider.async_get_tts_audio(said, "en-US", options)
            assert kind == extension and sound.startswith(head) and len(sound) > 5000, (kind, options)
        await hass.async_stop(force=True)


asyncio.run(main())
print("spoken")
