"""A program for Google's service, which names no endpoint: unchanged.py TRANSPORT.

With one, unchanged.py TRANSPORT HOST:PORT, it brings no credentials.
"""
import sys

from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import texttospeech

transport = sys.argv[1]
options = {"transport": transport}
elsewhere = {"api_endpoint": "eu-texttospeech.googleapis.com"}
if len(sys.argv) > 2:
    elsewhere = {"api_endpoint": sys.argv[2]}
    options.update(client_options=elsewhere, credentials=AnonymousCredentials())
voice = texttospeech.VoiceSelectionParams(language_code="en-US", name="en-US-Flite-Kal16")
audio_config = texttospeech.AudioConfig(audio_encoding=texttospeech.AudioEncoding.LINEAR16)

client = texttospeech.TextToSpeechClient(**options)
assert client.list_voices(language_code="en-US").voices
response = client.synthesize_speech(input=texttospeech.SynthesisInput(text="Hello, world."), voice=voice, audio_config=audio_config)
assert response.audio_content[:4] == b"RIFF"

if transport == "grpc":
    def requests():
        yield texttospeech.StreamingSynthesizeRequest(streaming_config=texttospeech.StreamingSynthesizeConfig(voice=voice))
        for text in ("Hello there. ", "How are you ", "today?"):
            yield texttospeech.StreamingSynthesizeRequest(input=texttospeech.StreamingSynthesisInput(text=text))
    assert sum(len(r.audio_content) for r in client.streaming_synthesize(requests())) > 10000

regional = texttospeech.TextToSpeechClient(**{**options, "client_options": elsewhere})
assert regional.list_voices().voices

long_audio = texttospeech.TextToSpeechLongAudioSynthesizeClient(**options)


def start(text, name):
    return long_audio.synthesize_long_audio(request={
        "parent": "projects/p1/locations/global", "input": {"text": text}, "voice": voice, "audio_config": audio_config,
        "output_gcs_uri": "gs://unchanged/python-%s-%s.wav" % (transport, name)})


assert start("A short story. The end.", "whole").result(timeout=60) is not None
running = start("It was the best of times, it was the worst of times. " * 6000, "cancelled")
assert running.cancel() and running.cancelled()
try:
    running.result(timeout=60)
    raise AssertionError("a cancelled operation has a result")
except exceptions.Cancelled:
    pass
print("spoken", transport)
