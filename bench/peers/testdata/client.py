"""Google's own Python client against a server: client.py ADDRESS TRANSPORT VERSION DATA."""
import importlib
import os
import struct
import sys

import grpc
from google.api_core import exceptions, operation, operations_v1
from google.auth.credentials import AnonymousCredentials

address, transport, version, data = sys.argv[1:]
tts = importlib.import_module("google.cloud.texttospeech_" + version)


def make(client):
    """A client of the transport asked for."""
    if transport == "rest":
        return client(transport="rest", credentials=AnonymousCredentials(),
                      client_options={"api_endpoint": "http://" + address})
    channel = grpc.insecure_channel(address, options=[("grpc.max_receive_message_length", -1)])
    return client(transport=client.get_transport_class("grpc")(channel=channel))


def check(condition, *said):
    if not condition:
        raise AssertionError(said)


def whole_wav(sound):
    return sound[:4] == b"RIFF" and struct.unpack("<I", sound[40:44])[0] + 44 == len(sound)


speech = make(tts.TextToSpeechClient)
long_audio = make(tts.TextToSpeechLongAudioSynthesizeClient)
voice = tts.VoiceSelectionParams(language_code="en-US")
config = tts.AudioConfig(audio_encoding=tts.AudioEncoding.LINEAR16)

voices = speech.list_voices(language_code="en-US").voices
check(any(v.name == "en-US-Flite-Slt" for v in voices), voices)

reply = speech.synthesize_speech(input=tts.SynthesisInput(text="Hello, world."), voice=voice, audio_config=config)
check(whole_wav(reply.audio_content), len(reply.audio_content))
if version == "v1beta1":
    check(reply.audio_config.sample_rate_hertz == 16000, reply.audio_config)

try:
    speech.synthesize_speech(input=tts.SynthesisInput(text="Hello"), voice=voice,
                             audio_config=tts.AudioConfig(audio_encoding=1, speaking_rate=9))
    check(False, "a speaking rate of 9 was taken")
except exceptions.BadRequest as e:
    check("audio_config.speaking_rate" in str(e) and "0.25 to 2" in str(e), e)


def start(text, name):
    return long_audio.synthesize_long_audio(tts.SynthesizeLongAudioRequest(
        parent="projects/p2/locations/us-central1", input=tts.SynthesisInput(text=text), voice=voice,
        audio_config=config, output_gcs_uri="gs://%s-%s/%s.wav" % (transport, version, name)))


def path(name):
    return os.path.join(data, "buckets", "%s-%s" % (transport, version), name + ".wav")


done = start("A short story. The end.", "whole")
check(isinstance(done.result(timeout=60), tts.SynthesizeLongAudioResponse))
check(isinstance(done.metadata, tts.SynthesizeLongAudioMetadata) and done.metadata.progress_percentage == 100)
check(whole_wav(open(path("whole"), "rb").read()))

running = start("It was the best of times, it was the worst of times. " * 6000, "cancelled")
check(not running.done())
check(running.cancel())
check(running.cancelled())
try:
    running.result(timeout=60)
    check(False, "a cancelled operation has a result")
except exceptions.Cancelled as e:
    check("Operation was cancelled." in str(e), e)
check(not os.path.exists(path("cancelled")))
check(not running.cancel(), "it was done already")

names = [o.name for o in long_audio.list_operations({"name": "projects/p2/locations/us-central1", "filter": "done=true"}).operations] \
    if hasattr(long_audio, "list_operations") else []
check(not names or running.operation.name in names, names)
print("ok", transport, version)
