"""Writes evaluation.json: what the Python evaluation says of the bundled conversation's clips, for EvaluateTests.

    python Tests/EmoscopeTests/Goldens/evaluation.py

Needs the packages of Weights/training/requirements.txt. To be run again when the shipped weights change.
"""
import csv
import json
import sys
from pathlib import Path

import numpy as np
import soundfile
import torch

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT / "Weights/training"))

import caser
import check
import conditions
import corpora
import metrics

WEIGHTS = ROOT / "Weights/emoscope.safetensors"
# Those that draw nothing: the two programs draw differently.
CONDITIONS = ("clean", "gain -20 dB", "gain +10 dB", "telephone")


def clips():
    """(float32 [T], label) of each clip of the conversation."""
    wave, rate = soundfile.read(ROOT / "Samples/conversation.flac", dtype="float32")
    with open(ROOT / "Samples/conversation.csv", newline="") as file:
        for row in csv.DictReader(file):
            start, end = (round(float(row[name]) * rate) for name in ("start_s", "end_s"))
            yield wave[start:end], caser.LABELS.index(row["emotion"])


def main():
    torch.set_num_threads(1)
    model, metadata = check.read_back(WEIGHTS)
    found = {}
    for name in CONDITIONS:
        truth, logits = [], []
        for wave, label in clips():
            window = conditions.apply(name, corpora.middle_window(wave), 0)
            logits.append(check.logits_of(model, metadata, window))
            truth.append(label)
        found[name] = metrics.report(truth, np.stack(logits))
    result = {"weights_sha256": metadata["sha256"], "labels": caser.LABELS,
              "conditions": found}
    (HERE / "evaluation.json").write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
