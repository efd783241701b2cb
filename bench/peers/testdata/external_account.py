"""Google's Python client with an external account: external_account.py ENDPOINT TRANSPORT.

GOOGLE_APPLICATION_CREDENTIALS names the account's file, as anywhere.
"""
import sys

from google.api_core import exceptions
from google.cloud import texttospeech_v1 as tts

endpoint, transport = sys.argv[1:]


def make(client):
    return client(transport=transport, client_options={"api_endpoint": endpoint})


voices = make(tts.TextToSpeechClient).list_voices(language_code="en-US").voices
assert len(voices) > 1
long_audio = make(tts.TextToSpeechLongAudioSynthesizeClient)


def start(project):
    return long_audio.synthesize_long_audio(tts.SynthesizeLongAudioRequest(
        parent="projects/%s/locations/global" % project, voice=tts.VoiceSelectionParams(language_code="en-US"),
        audio_config=tts.AudioConfig(audio_encoding=tts.AudioEncoding.LINEAR16), input=tts.SynthesisInput(text="Hello."),
        output_gcs_uri="gs://books/external-%s.wav" % transport))


start("p1").result(timeout=60)
try:
    start("p2")
    raise AssertionError("it started an operation of another project")
except (exceptions.PermissionDenied, exceptions.Forbidden) as refused:
    assert refused.reason == "IAM_PERMISSION_DENIED", refused
print("spoken")
