"""What Open WebUI asks of a speech API of OpenAI's kind, in its way: open_webui.py ADDRESS FILE.

It fills its menus from two lists that OpenAI lacks, sends what the page has (input and
voice) with the model of its settings, keeps the answer as an MP3 file whatever it is, and
shows error.message.
"""
import sys

import requests

base, kept = "http://%s/v1" % sys.argv[1], sys.argv[2]


def check(condition, *said):
    if not condition:
        raise AssertionError(said)


models = requests.get(base + "/audio/models", timeout=30)
models.raise_for_status()
check({"id": "tts-1"}.items() <= models.json()["models"][0].items(), models.text)

voices = requests.get(base + "/audio/voices", timeout=30)
voices.raise_for_status()
names = {voice["id"]: voice["name"] for voice in voices.json()["voices"]}
check(names["alloy"] == "alloy" and "en-US-Flite-Slt" in names and len(names) < 300, len(names))


def speech(**payload):
    return requests.post(
        base + "/audio/speech", json={**payload, "model": "tts-1"}, timeout=60,
        headers={"Content-Type": "application/json", "Authorization": "Bearer sk-anything", "X-OpenWebUI-User-Name": "Ann"})


for voice in ("alloy", "en-US-Flite-Slt"):
    answer = speech(input="The front door is open.", voice=voice)
    answer.raise_for_status()
    with open(kept, "wb") as file:
        file.write(answer.content)

refused = speech(input="The front door is open.", voice="nobody")
check(refused.status_code == 400 and "nobody" in refused.json()["error"]["message"], refused.text)
