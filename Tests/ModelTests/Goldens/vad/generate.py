"""Writes what the ONNX form of the PyPI package silero-vad 6.2.3 says, chunk by chunk, for the detector's tests.

    python Tests/ModelTests/Goldens/vad/generate.py SHARED

SHARED is the folder with data/speech and data/corpora/emodb. Two files come out:
    speech.safetensors   samples (16 kHz, I16) and probabilities: three EMO-DB clips (CC0) with pauses between them
    shared.safetensors   probabilities only, a tensor for each clip of data/speech; its whole chunks of 512
Needs silero-vad, onnxruntime, numpy, safetensors, soundfile.
"""
import sys
from pathlib import Path

import numpy as np
import soundfile
import torch
from safetensors.numpy import save_file
from silero_vad import load_silero_vad

here = Path(__file__).resolve().parent
data = Path(sys.argv[1]) / "data"
model = load_silero_vad(onnx=True)


def probabilities(samples):
    """Float samples [T] -> [T // 512]."""
    model.reset_states()
    chunks = samples[: len(samples) // 512 * 512].reshape(-1, 512)
    return np.array([model(torch.from_numpy(c), 16000).item() for c in chunks], np.float32)


def read(path):
    samples, rate = soundfile.read(path, dtype="float32")
    assert rate == 16000 and samples.ndim == 1, path
    return samples


noise = np.random.default_rng(1)
pieces = []
for name, pause in (("03a01Wa", 8000), ("08a01Na", 12000), ("11a01Nd", 6000)):
    pieces += [noise.normal(0, 3e-4, pause), read(data / f"corpora/emodb/{name}.flac")]
samples = np.round(np.concatenate(pieces) * 32768).clip(-32768, 32767).astype(np.int16)
save_file(
    {"samples": samples, "probabilities": probabilities(samples.astype(np.float32) / 32768)},
    here / "speech.safetensors",
)
save_file(
    {path.stem: probabilities(read(path)) for path in sorted((data / "speech").glob("*.flac"))},
    here / "shared.safetensors",
)
