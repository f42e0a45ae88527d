#!/usr/bin/env python3
"""Compares int8 with fp32 on real speech: share of equal labels, change of probabilities, and UAR.

    Benchmarks/precision.py MANIFEST FOLDER [--clips 600] [--seed 1] [--weights FILE]
                            [--emoscope .build/release/emoscope]

MANIFEST is a CSV with the columns `path` (relative to FOLDER) and `emotion`; rows with an emotion other than the four
are left out. The clips are drawn at random. The exit code is 1 unless these conditions hold: the same label on 99 % of
the clips, mean |Δp| at most 0.01, UAR within 0.3 points.
"""
import argparse
import csv
import json
import random
import subprocess
import sys
from pathlib import Path

EMOTIONS = ["angry", "happy", "neutral", "sad"]


def predict(program, weights, precision, files):
    command = [program, "predict", "--json", "--no-vad", "--unsure", "0", "--precision", precision]
    command += ["--weights", weights] if weights else []
    lines = subprocess.run(command + files, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    return [json.loads(line) for line in lines]


def recall(predictions, truth):
    hits = {emotion: [] for emotion in EMOTIONS}
    for prediction, label in zip(predictions, truth):
        hits[label].append(prediction["label"] == label)
    return 100 * sum(sum(h) / len(h) for h in hits.values()) / len(EMOTIONS)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clips", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weights")
    parser.add_argument("--emoscope", default=".build/release/emoscope")
    options = parser.parse_args()

    with open(options.manifest, newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["emotion"] in EMOTIONS]
    rows = random.Random(options.seed).sample(rows, min(options.clips, len(rows)))
    files = [str(options.folder / row["path"]) for row in rows]
    truth = [row["emotion"] for row in rows]
    full, small = (predict(options.emoscope, options.weights, precision, files) for precision in ("fp32", "int8"))

    same = 100 * sum(a["label"] == b["label"] for a, b in zip(full, small)) / len(rows)
    moves = [abs(a["probabilities"][e] - b["probabilities"][e]) for a, b in zip(full, small) for e in EMOTIONS]
    mean = sum(moves) / len(moves)
    recalls = recall(full, truth), recall(small, truth)
    print(f"{len(rows)} clips: same label {same:.2f} %, mean |dp| {mean:.4f}, greatest {max(moves):.3f}, "
          f"UAR fp32 {recalls[0]:.2f}, int8 {recalls[1]:.2f}")
    holds = same >= 99 and mean <= 0.01 and abs(recalls[0] - recalls[1]) <= 0.3
    print("the conditions hold" if holds else "the conditions do not hold")
    sys.exit(0 if holds else 1)


if __name__ == "__main__":
    main()
