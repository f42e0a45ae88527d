"""Writes Weights/silero_vad_16k.safetensors from the Python package silero-vad 6.2.3 (MIT).

    python Weights/conversion/silero.py Weights/silero_vad_16k.safetensors

The package also has a file of that name, but with the numbers of an earlier model: its probabilities differ from those
of the package's ONNX and TorchScript forms by up to 0.7 (confirmed by an issue in the Silero project). The numbers
here are those of the TorchScript form, which agrees with the ONNX form, with the names and the layout of the package's
safetensors file. Needs silero-vad, torch, safetensors.
"""
import sys
from importlib.resources import files

import torch
from safetensors.torch import load_file, save_file

data = files("silero_vad.data")
model = torch.jit.load(str(data / "silero_vad.jit"), map_location="cpu")._model      # _model is the 16 kHz one
theirs = {
    "stft_conv.weight": "stft.forward_basis_buffer",
    **{f"conv{i + 1}.{p}": f"encoder.{i}.reparam_conv.{p}" for i in range(4) for p in ("weight", "bias")},
    **{f"lstm_cell.{p}": f"decoder.rnn.{p}" for p in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")},
    **{f"final_conv.{p}": f"decoder.decoder.2.{p}" for p in ("weight", "bias")},
}
state = model.state_dict()
tensors = {ours: state[name].float().contiguous() for ours, name in theirs.items()}

# The other models in the package have other shapes or names; this catches a release that changed the architecture.
layout = load_file(str(data / "silero_vad_16k.safetensors"))
assert {k: v.shape for k, v in layout.items()} == {k: v.shape for k, v in tensors.items()}
assert set(state) == set(theirs.values())
save_file(
    tensors, sys.argv[1],
    {"source": "PyPI silero-vad 6.2.3, silero_vad.jit, 16 kHz; MIT, Copyright (c) 2020-present Silero Team"},
)
