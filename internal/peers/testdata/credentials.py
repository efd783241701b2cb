"""Google's own Python client with credentials: credentials.py ADDRESS TRANSPORT KIND FILE APIKEY."""
import sys

from google.api_core import exceptions
from google.api_core.client_options import ClientOptions
from google.auth.transport.requests import Request
from google.cloud import texttospeech_v1 as tts
from google.oauth2 import credentials, service_account

address, transport, kind, path, api_key = sys.argv[1:]
scopes = ["https://www.googleapis.com/auth/cloud-platform"]
options = {"api_endpoint": address}
more = {}
if kind == "file":
    more["credentials"] = service_account.Credentials.from_service_account_file(path)
elif kind == "scoped":
    more["credentials"] = service_account.Credentials.from_service_account_file(path, scopes=scopes)
elif kind == "exchanged":
    account = service_account.Credentials.from_service_account_file(path, scopes=scopes)
    account.refresh(Request())
    more["credentials"] = credentials.Credentials(account.token)
elif kind == "apikey":
    options["api_key"] = api_key


def make(client):
    return client(transport=transport, client_options=ClientOptions(**options), **more)


speech, long_audio = make(tts.TextToSpeechClient), make(tts.TextToSpeechLongAudioSynthesizeClient)
assert len(speech.list_voices(language_code="en-US").voices) > 1
voice = tts.VoiceSelectionParams(language_code="en-US")
config = tts.AudioConfig(audio_encoding=tts.AudioEncoding.LINEAR16)
reply = speech.synthesize_speech(input=tts.SynthesisInput(text="Hello, world."), voice=voice, audio_config=config)
assert reply.audio_content[:4] == b"RIFF"


def start(project):
    return long_audio.synthesize_long_audio(tts.SynthesizeLongAudioRequest(
        parent="projects/%s/locations/global" % project, voice=voice, audio_config=config,
        input=tts.SynthesisInput(text="It was the best of times. " * 12000),
        output_gcs_uri="gs://books/%s-%s.wav" % (transport, kind)))


operation = start("p1")
assert operation.cancel()
assert operation.cancelled(), operation.operation
try:
    start("p2")
    raise AssertionError("it started an operation of another project")
except exceptions.PermissionDenied as refused:
    assert refused.reason == "IAM_PERMISSION_DENIED", refused
except exceptions.Forbidden as refused:
    assert refused.reason == "IAM_PERMISSION_DENIED", refused
