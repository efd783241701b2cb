"""OpenAI's own Python client against a server: openai_client.py ADDRESS."""
import base64
import json
import struct
import sys

import openai

client = openai.OpenAI(base_url="http://%s/v1" % sys.argv[1], api_key="anything", max_retries=0)


def check(condition, *said):
    if not condition:
        raise AssertionError(said)


check({m.id for m in client.models.list()} >= {"tts-1", "gpt-4o-mini-tts"}, "models")
check(client.models.retrieve("tts-1").owned_by == "lectern", "a model")

begins = {"mp3": b"\xff", "opus": b"OggS", "aac": b"\xff\xf1", "flac": b"fLaC", "wav": b"RIFF", "pcm": b""}
for name, magic in begins.items():
    answer = client.audio.speech.create(model="tts-1", voice="nova", input="Hello, world.", response_format=name, speed=1.25)
    check(answer.content.startswith(magic) and len(answer.content) > 2000, name, answer.content[:16])

# Streamed to a file, as OpenAI's own examples do.
with client.audio.speech.with_streaming_response.create(
        model="gpt-4o-mini-tts", voice={"id": "en-US-Flite-Slt"}, input="Hello, world.",
        instructions="Cheerfully.", response_format="pcm") as answer:
    check(answer.headers["x-lectern-voice"] == "en-US-Flite-Slt", answer.headers)
    check(answer.headers["x-lectern-ignored"] == "instructions", answer.headers)
    plain = b"".join(answer.iter_bytes())
samples = struct.unpack("<%dh" % (len(plain) // 2), plain)
check(0.4 < len(samples) / 24000 < 3 and max(samples) > 1000, len(samples))

with client.audio.speech.with_streaming_response.create(
        model="gpt-4o-mini-tts", voice="en-US-Flite-Slt", input="Hello, world.",
        response_format="pcm", stream_format="sse") as answer:
    events = [json.loads(line[6:]) for line in answer.iter_lines() if line]
check(events[-1]["type"] == "speech.audio.done" and events[-1]["usage"]["total_tokens"] > 13, events[-1])
check(b"".join(base64.b64decode(e["audio"]) for e in events[:-1]) == plain, "events are another sound")

for wrong, param in (({"voice": "nobody"}, "voice"), ({"response_format": "ogg"}, "response_format"), ({"speed": 9}, "speed")):
    try:
        client.audio.speech.create(**{"model": "tts-1", "voice": "alloy", "input": "Hello.", **wrong})
        check(False, wrong)
    except openai.BadRequestError as e:
        check(e.param == param and e.type == "invalid_request_error" and e.code, e.body)
