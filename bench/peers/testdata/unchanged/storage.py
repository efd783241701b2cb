"""Long audio and its object, as Google's sample and its test have it: storage.py.

It names no endpoint. The bucket is made, the object read back and removed.
"""
from google.cloud import storage, texttospeech

project, bucket_name = "p1", "unchanged-storage"
client = storage.Client(project=project)
bucket = client.create_bucket(bucket_name)
try:
    long_audio = texttospeech.TextToSpeechLongAudioSynthesizeClient()
    operation = long_audio.synthesize_long_audio(request={
        "parent": "projects/%s/locations/us-central1" % project,
        "input": {"text": "Hello there."},
        "voice": {"language_code": "en-US", "name": "en-US-Flite-Kal16"},
        "audio_config": {"audio_encoding": texttospeech.AudioEncoding.LINEAR16},
        "output_gcs_uri": "gs://%s/fake_file.wav" % bucket_name})
    operation.result(timeout=300)
    blob = bucket.get_blob("fake_file.wav")
    assert blob.size > 0
    sound = blob.download_as_bytes()
    assert sound[:4] == b"RIFF" and len(sound) == blob.size
    blob.delete()
finally:
    bucket.delete(force=True)
print("spoken storage")
