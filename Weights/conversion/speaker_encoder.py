"""Writes Weights/ge2e_speaker_encoder.safetensors from the Python package Resemblyzer 0.1.4 (Apache-2.0).

    python Weights/conversion/speaker_encoder.py CHECKPOINT Weights/ge2e_speaker_encoder.safetensors

CHECKPOINT is the package's `resemblyzer/pretrained.pt`, or a safetensors file with the same tensors. The numbers are
rounded to half precision; the tensors keep their names: lstm.{weight,bias}_{ih,hh}_l{0,1,2}, linear.{weight,bias}.
What the training alone needs (similarity_weight, similarity_bias) is left out. Needs torch, safetensors.
"""
import hashlib
import pathlib
import sys

import torch
from safetensors.torch import load_file, save_file

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "training"))
import export  # noqa: E402

MELS, HIDDEN, LAYERS = 40, 256, 3
SHAPES = {"linear.weight": (HIDDEN, HIDDEN), "linear.bias": (HIDDEN,)}
for layer in range(LAYERS):
    SHAPES |= {
        f"lstm.weight_ih_l{layer}": (4 * HIDDEN, HIDDEN if layer else MELS),
        f"lstm.weight_hh_l{layer}": (4 * HIDDEN, HIDDEN),
        f"lstm.bias_ih_l{layer}": (4 * HIDDEN,),
        f"lstm.bias_hh_l{layer}": (4 * HIDDEN,),
    }


def read(path):
    if path.endswith(".safetensors"):
        return load_file(path)
    return torch.load(path, map_location="cpu", weights_only=True)["model_state"]


def main(source, target):
    state = read(source)
    tensors = {name: state[name].half().contiguous() for name in SHAPES}
    for name, shape in SHAPES.items():
        assert tuple(tensors[name].shape) == shape and tensors[name].isfinite().all(), name
    left_out = set(state) - set(SHAPES)
    assert left_out <= {"similarity_weight", "similarity_bias"}, left_out
    save_file(tensors, target)
    data = export.data_section(target)
    export.write_header(target, {
        "format": export.FORMAT,
        "architecture": "ge2e-speaker-encoder",
        "provenance": "PyPI Resemblyzer 0.1.4, resemblyzer/pretrained.pt, rounded to half precision",
        "licence": "Apache-2.0 (LICENSE.resemblyzer)",
        "sha256": hashlib.sha256(data).hexdigest(),
    }, data)


if __name__ == "__main__":
    main(*sys.argv[1:])
