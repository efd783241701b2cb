"""Reads sentences, one a line, and writes what hibari-tts makes of each as a line of
JSON: its words as [phonemes, space after], and each word that its network was asked
for, as the numbers in and out. First of all it writes where its files are. An argument
is the language."""

import json
import os
import sys

import hibari
from hibari.g2p import G2P
from hibari.g2p.oov import OOV

assets = os.path.join(os.path.dirname(hibari.__file__), "assets")
british = sys.argv[1] == "en-GB"
asked = []


class Listening(OOV):
    """The network, with all that goes in and out written down."""

    def __init__(self):
        super().__init__(os.path.join(assets, "oov_gb.onnx" if british else "oov.onnx"))
        self.session, self.sess = self.sess, self

    def run(self, outputs, inputs):
        result = self.session.run(outputs, inputs)
        asked.append([inputs["chars"][0].tolist(), result[0][0].tolist()])
        return result


g2p = G2P(oov=Listening(), british=british)
print(json.dumps({"assets": assets}), flush=True)
sys.stdin.reconfigure(encoding="utf-8", newline="\n")
for line in sys.stdin:
    text = line.rstrip("\n").replace("’", "'").replace("‒", "-").replace("―", "—")
    asked.clear()
    try:
        tokens = g2p.phonemize_tokens(g2p.tokenize(text))
    except Exception as e:  # it has faults of its own
        print(json.dumps({"fault": repr(e)}))
        continue
    print(json.dumps({"words": [[t.phonemes or "", bool(t.whitespace)] for t in tokens], "asked": asked}))
