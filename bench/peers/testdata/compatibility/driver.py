"""Google's Python client, each method by each door: driver.py DOORS.

DOORS is a JSON file; what is printed is read by compatibility_test.go.
"""
import importlib
import importlib.metadata
import json
import sys

import grpc
from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.oauth2 import service_account

LONG = "It was the best of times, it was the worst of times. " * 6000


class Absent(Exception):
    """The client has no such method."""


def check(condition, *said):
    if not condition:
        raise AssertionError(*said)


def connected(client, door, transport):
    """A client as its documentation has it be made for this door."""
    if transport == "grpc" and not door["tls"]:
        # Over plain text the client takes a channel, and no credentials with it.
        channel = grpc.insecure_channel(door["address"], options=[("grpc.max_receive_message_length", -1)])
        return client(transport=client.get_transport_class("grpc")(channel=channel))
    scheme = "" if door["tls"] else "http://"
    options, more = {"api_endpoint": scheme + door["address"]}, {}
    if door["credential"] == "service account":
        more["credentials"] = service_account.Credentials.from_service_account_file(door["file"])
    elif door["credential"] == "API key":
        options["api_key"] = door["key"]
    else:
        more["credentials"] = AnonymousCredentials()
    return client(transport=transport, client_options=options, **more)


class Caller:
    """One client, whose methods are tried in the order of METHODS."""

    def __init__(self, work, transport, version, door):
        self.transport, self.parent = transport, "projects/%s/locations/global" % work["project"]
        self.tts = importlib.import_module("google.cloud.texttospeech_" + version)
        self.speech = connected(self.tts.TextToSpeechClient, door, transport)
        self.long_audio = connected(self.tts.TextToSpeechLongAudioSynthesizeClient, door, transport)
        self.operations = self.long_audio.transport.operations_client
        self.voice = self.tts.VoiceSelectionParams(language_code="en-US", name="en-US-Flite-Kal16")
        self.config = self.tts.AudioConfig(audio_encoding=self.tts.AudioEncoding.LINEAR16)
        self.object = "%s/%s-%s-%s" % (work["objects"], transport, version, door["name"].replace(" ", "-"))

    def start(self, text, name):
        return self.long_audio.synthesize_long_audio(self.tts.SynthesizeLongAudioRequest(
            parent=self.parent, input=self.tts.SynthesisInput(text=text), voice=self.voice, audio_config=self.config,
            output_gcs_uri="%s-%s.wav" % (self.object, name)))

    def ListVoices(self):
        check(any(v.name == "en-US-Flite-Kal16" for v in self.speech.list_voices(language_code="en-US").voices))

    def SynthesizeSpeech(self):
        reply = self.speech.synthesize_speech(input=self.tts.SynthesisInput(text="Hello."), voice=self.voice, audio_config=self.config)
        check(reply.audio_content[:4] == b"RIFF")

    def StreamingSynthesize(self):
        def requests():
            yield self.tts.StreamingSynthesizeRequest(streaming_config=self.tts.StreamingSynthesizeConfig(voice=self.voice))
            yield self.tts.StreamingSynthesizeRequest(input=self.tts.StreamingSynthesisInput(text="Hello there."))
        try:
            replies = self.speech.streaming_synthesize(requests())
        except NotImplementedError:
            raise Absent
        check(sum(len(r.audio_content) for r in replies) > 10000)

    def SynthesizeLongAudio(self):
        self.whole = self.start("A short story. The end.", "whole")
        check(isinstance(self.whole.result(timeout=120), self.tts.SynthesizeLongAudioResponse))
        check(self.whole.metadata.progress_percentage == 100, self.whole.metadata)

    def GetOperation(self):
        check(self.operations.get_operation(self.whole.operation.name).done)

    def WaitOperation(self):
        if not hasattr(self.operations, "wait_operation"):
            raise Absent
        check(self.operations.wait_operation(self.whole.operation.name).done)

    def ListOperations(self):
        check(any(o.name == self.whole.operation.name for o in self.operations.list_operations(self.parent, "done=true")))

    def CancelOperation(self):
        running = self.start(LONG, "cancelled")
        check(running.cancel() and running.cancelled(), running.operation)
        check(self.operations.get_operation(running.operation.name).error.code == 1)

    def DeleteOperation(self):
        self.operations.delete_operation(self.whole.operation.name)
        try:
            self.operations.get_operation(self.whole.operation.name)
            check(False, "it is still there")
        except exceptions.NotFound:
            pass


METHODS = ["ListVoices", "SynthesizeSpeech", "StreamingSynthesize", "SynthesizeLongAudio", "GetOperation",
           "WaitOperation", "ListOperations", "CancelOperation", "DeleteOperation"]


def outcome(method):
    try:
        method()
        return "yes"
    except Absent:
        return "absent"
    except Exception as e:  # whatever it is, it is what the page must tell
        return "no: %s: %s" % (type(e).__name__, " ".join(str(e).split()))


def main():
    with open(sys.argv[1]) as file:
        work = json.load(file)
    print("client", importlib.metadata.version("google-cloud-texttospeech"), sep="\t")
    for door in work["doors"]:
        for transport in ("grpc", "rest"):
            for version in ("v1", "v1beta1"):
                caller = Caller(work, transport, version, door)
                for name in METHODS:
                    print(transport, version, door["name"], name, outcome(getattr(caller, name)), sep="\t", flush=True)


main()
