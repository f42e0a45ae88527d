"""Writes a tree in IEMOCAP's layout with synthetic content: tones whose pitch and beat depend on the emotion.

    python -m paper.made_tree OUT

The tree has five sessions of two actors. Each actor has five utterances of the four classes (one of them excited) and
one each of `fru` and `xxx`, which are ignored.
"""
import sys
from pathlib import Path

import numpy as np
import soundfile

RATE = 16_000
SESSIONS = 5
SPOKEN = ("hap", "ang", "neu", "sad", "exc", "fru", "xxx")
PITCH = {"hap": 320, "exc": 340, "ang": 260, "neu": 180, "sad": 140, "fru": 240, "xxx": 200}      # Hz
BEAT = {"hap": 6, "exc": 7, "ang": 9, "neu": 4, "sad": 2, "fru": 5, "xxx": 4}                     # a second


def tone(emotion, actor, rng):
    """About a second of harmonics, amplitude-modulated with the beat, over noise."""
    time = np.arange(round(rng.uniform(0.8, 1.4) * RATE)) / RATE
    pitch = PITCH[emotion] * (1.0 if actor == "F" else 0.6) * rng.uniform(0.95, 1.05)
    wave = sum(np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 6))
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * BEAT[emotion] * time)
    return 0.1 * wave * swell + 0.002 * rng.standard_normal(len(time))


def make(folder, seed=7):
    rng = np.random.default_rng(seed)
    for session in range(1, SESSIONS + 1):
        root = Path(folder) / f"Session{session}"
        labels = root / "dialog" / "EmoEvaluation"
        labels.mkdir(parents=True, exist_ok=True)
        dialogue = f"Ses{session:02}F_impro01"
        waves = root / "sentences" / "wav" / dialogue
        waves.mkdir(parents=True, exist_ok=True)
        lines = ["% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]", ""]
        for actor in "FM":
            for i, emotion in enumerate(SPOKEN):
                name = f"{dialogue}_{actor}{i:03}"
                soundfile.write(waves / f"{name}.wav", tone(emotion, actor, rng), RATE, subtype="PCM_16")
                lines += [f"[{i}.0000 - {i}.9000]\t{name}\t{emotion}\t[2.5000, 2.5000, 2.5000]",
                          "C-E1:\tNeutral;\t()", "A-E1:\tval 3; act 2; dom  2;\t()", ""]
        (labels / f"{dialogue}.txt").write_text("\n".join(lines))
        (labels / f"._{dialogue}.txt").write_bytes(b"\x00\x05\x16\x07not a table")     # as unpacked on a Mac


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    make(sys.argv[1])
