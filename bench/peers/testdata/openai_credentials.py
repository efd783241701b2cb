"""OpenAI's own Python client with an API key: openai_credentials.py ADDRESS APIKEY."""
import sys

import openai

address, api_key = sys.argv[1:]
client = openai.OpenAI(api_key=api_key, base_url="http://%s/v1" % address, max_retries=0)
assert len(client.models.list().data) > 0
speech = dict(model="tts-1", voice="alloy", input="Hello, world.", response_format="wav")
assert client.audio.speech.create(**speech).content[:4] == b"RIFF"
try:
    client.with_options(api_key="sk-nobody").audio.speech.create(**speech)
    raise AssertionError("a key that nobody has given out was taken")
except openai.AuthenticationError as refused:
    assert refused.status_code == 401, refused
