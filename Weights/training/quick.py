"""Runs every part of the training on a few clips, in a minute: python quick.py [FOLDER]

The clips are the turns of the bundled conversation, assigned to made-up speakers of three made-up corpora. Pieces of the
conversation are the ordinary speech, of two made-up sets. The encoder is that of the shipped file. Each run has six steps: the resulting files can be read, but their networks are useless.
"""
import csv
import subprocess
import sys
import tempfile
from pathlib import Path

import soundfile
from safetensors.torch import load_file, save_file

import caser
import ship
import train

SHIPPED = train.HERE.parent / "emoscope.safetensors"
PIECES, PIECE_S = 4, 9                  # of ordinary speech


def make_tree(folder):
    """Writes each turn of the conversation as a clip of each of the three corpora. In the open corpus, every other turn
    keeps its true speaker, on whom the shipped files are not trained."""
    wave, rate = soundfile.read(ship.SAMPLE, dtype="float32")
    with open(ship.SAMPLE.with_suffix(".csv"), newline="") as file:
        turns = [row for row in csv.DictReader(file) if row["emotion"] in caser.LABELS]
    folder.mkdir(parents=True)
    with open(folder / "manifest.csv", "w", newline="") as file:
        out = csv.DictWriter(file, ["path", "corpus", "speaker", "sex", "emotion"])
        out.writeheader()
        for number, turn in enumerate(turns):
            path = folder / f"{number}.flac"
            start, end = (round(float(turn[k]) * rate) for k in ("start_s", "end_s"))
            soundfile.write(path, wave[start:end], rate)
            for corpus, _ in train.Recipe().shares:
                real = corpus == train.OPEN and number % 2 == 0
                speaker = turn["speaker"] if real else f"{corpus}_{turn['speaker'][-2:]}{number % 2}"
                out.writerow({"path": path.name, "corpus": corpus, "speaker": speaker, "sex": "f",
                              "emotion": turn["emotion"]})


def make_ordinary(folder):
    """Writes pieces of 9 s of the conversation as ordinary speech of two sets."""
    wave, rate = soundfile.read(ship.SAMPLE, dtype="float32")
    folder.mkdir(parents=True)
    with open(folder / "manifest.csv", "w", newline="") as file:
        out = csv.DictWriter(file, ["path", "corpus", "speaker"])
        out.writeheader()
        for number in range(PIECES):
            soundfile.write(folder / f"{number}.flac", wave[number * PIECE_S * rate : (number + 1) * PIECE_S * rate], rate)
            out.writerow({"path": f"{number}.flac", "corpus": f"set{number % 2}", "speaker": f"speaker{number}"})


def make_encoder(path):
    """Writes the encoder's tensors of the shipped file to `path`, with kernels in PyTorch's order."""
    tensors = {n: t for n, t in load_file(SHIPPED).items() if n.startswith("encoder.")}
    save_file({n: t.transpose(1, 2).contiguous() if t.dim() == 3 else t for n, t in tensors.items()}, path)


def main():
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else kept)
        make_tree(folder / "corpora")
        make_ordinary(folder / "ordinary")
        make_encoder(folder / "encoder.safetensors")
        common = ["--quick", "--corpora", folder / "corpora", "--encoder", folder / "encoder.safetensors",
                  "--ordinary", folder / "ordinary", "--work", folder]
        for step, *more in (("train.py", "--parts", "ship", "folds", "corpora", "open"), ("voices.py",), ("enrolment.py",),
                            ("figures.py",), ("ship.py", "--out", folder), ("check.py", "--folder", folder)):
            subprocess.run([sys.executable, train.HERE / step, *common, *more], check=True)
        for name in ship.FILES:
            assert (folder / f"{name}.safetensors").exists(), name


if __name__ == "__main__":
    main()
