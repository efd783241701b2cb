"""Google's sample of long audio and its test, and google-cloud-storage at large, against a
server: storage.py ADDRESS. The storage client is made as every program makes it that
knows nothing of Lectern; STORAGE_EMULATOR_HOST tells it where the server is."""

import io
import os
import sys
import tempfile
import uuid

import google.api_core.exceptions as exceptions
import grpc
from google.cloud import storage, texttospeech
from google.cloud.storage import transfer_manager
from google.cloud.texttospeech_v1.services.text_to_speech_long_audio_synthesize.transports import (
    TextToSpeechLongAudioSynthesizeGrpcTransport as Transport,
)

address = sys.argv[1]


def synthesize_long_audio(project_id, output_gcs_uri):
    """The sample, but for the transport of its client."""
    client = texttospeech.TextToSpeechLongAudioSynthesizeClient(
        transport=Transport(channel=grpc.insecure_channel(address)))
    input = texttospeech.SynthesisInput(
        text="Hello, world! Thank you for listening. This is a long audio.")
    audio_config = texttospeech.AudioConfig(
        audio_encoding=texttospeech.AudioEncoding.LINEAR16)
    voice = texttospeech.VoiceSelectionParams(language_code="en-US", name="en-US-Standard-A")
    parent = f"projects/{project_id}/locations/us-central1"
    request = texttospeech.SynthesizeLongAudioRequest(
        parent=parent, input=input, audio_config=audio_config, voice=voice,
        output_gcs_uri=output_gcs_uri)
    operation = client.synthesize_long_audio(request=request)
    result = operation.result(timeout=300)
    assert result is not None


def test_synthesize_long_audio():
    """The sample's test: a bucket of its own, and the object in it."""
    bucket = None
    while bucket is None or bucket.exists():
        bucket = storage.Client().bucket(f"test-bucket-{uuid.uuid4()}")
    bucket.create()
    assert bucket.exists()
    assert not bucket.blob("fake_file.wav").exists()
    synthesize_long_audio("project", f"gs://{bucket.name}/fake_file.wav")
    assert bucket.blob("fake_file.wav").exists()
    sound = bucket.blob("fake_file.wav").download_as_bytes()
    assert sound[:4] == b"RIFF" and len(sound) > 50_000, len(sound)
    bucket.delete(force=True)
    assert not bucket.exists()


def must_fail(kind, call):
    try:
        call()
    except kind:
        return
    raise AssertionError(f"{kind} was not raised")


def test_objects():
    client = storage.Client()
    bucket = client.create_bucket("python-books")
    must_fail(exceptions.Conflict, lambda: client.create_bucket("python-books"))
    assert client.lookup_bucket("nosuch") is None
    assert "python-books" in [b.name for b in client.list_buckets(max_results=1000)]
    small, large = os.urandom(10_000), os.urandom(9 << 20)  # the client's limit is 8 MiB
    for name, content in {"a/Été 1+1.wav": small, "large.mp3": large, "empty": b""}.items():
        blob = bucket.blob(name)
        blob.upload_from_string(content, content_type="audio/wav")
        assert blob.size == len(content) and blob.crc32c and blob.md5_hash, blob.__dict__
        assert bucket.get_blob(name).generation == blob.generation
        for raw in False, True:
            assert bucket.blob(name).download_as_bytes(raw_download=raw) == content
    assert bucket.blob("large.mp3").download_as_bytes(start=100, end=199) == large[100:200]
    assert bucket.blob("large.mp3").download_as_bytes(start=len(large) - 5) == large[-5:]
    must_fail(exceptions.RequestRangeNotSatisfiable, lambda: bucket.blob("large.mp3").download_as_bytes(start=len(large)))
    must_fail(exceptions.NotFound, lambda: bucket.blob("nosuch").download_as_bytes())
    with bucket.blob("streamed.bin", chunk_size=256 << 10).open("wb") as out:
        for at in range(0, len(large), 100_000):
            out.write(large[at:at + 100_000])
    with bucket.blob("streamed.bin").open("rb", chunk_size=1 << 20) as sound:
        assert sound.read() == large
    with tempfile.TemporaryDirectory() as at:
        path = os.path.join(at, "large")
        bucket.blob("large.mp3").download_to_filename(path)
        bucket.blob("again.mp3").upload_from_filename(path)
        transfer_manager.download_chunks_concurrently(
            bucket.blob("again.mp3"), path, chunk_size=2 << 20, worker_type=transfer_manager.THREAD)
        assert open(path, "rb").read() == large
    bucket.blob("of an unknown length").upload_from_file(io.BytesIO(small))
    assert sorted(b.name for b in bucket.list_blobs()) == sorted(
        ["a/Été 1+1.wav", "again.mp3", "empty", "large.mp3", "of an unknown length", "streamed.bin"])
    assert [b.name for b in client.list_blobs(bucket, prefix="a", page_size=1)] == ["a/Été 1+1.wav", "again.mp3"]
    folders = client.list_blobs(bucket, delimiter="/")
    assert "a/Été 1+1.wav" not in [b.name for b in folders] and folders.prefixes == {"a/"}
    must_fail(exceptions.PreconditionFailed, lambda: bucket.blob("empty").upload_from_string(b"x", if_generation_match=0))
    must_fail(exceptions.Conflict, lambda: bucket.delete())
    must_fail(exceptions.NotFound, lambda: bucket.blob("nosuch").delete())
    bucket.blob("empty").delete()
    bucket.delete(force=True)


if __name__ == "__main__":
    assert os.environ["STORAGE_EMULATOR_HOST"]
    test_synthesize_long_audio()
    test_objects()
