"""The networks that peers.py times, each as a PyTorch module from the front ends' output to logits and as a weights
file."""
import logging
import math
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from onnxruntime import quantization
from onnxruntime.quantization.shape_inference import quant_pre_process
from safetensors import safe_open
from torch.nn.utils import parametrize

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "Tests/ModelTests/Goldens"), str(ROOT / "Weights/training")]

import caser  # noqa: E402
import check  # noqa: E402
import export  # noqa: E402
import golden_networks  # noqa: E402

log_mel = caser.log_mel


@dataclass
class Network:
    title: str
    weights: Path           # in emoscope's format
    model: torch.nn.Module
    inputs: dict            # name -> tensor: `speech`, the normalised wave or the log-mel frames; `mfcc`
    labels: list            # of the logits, in order

    def arrays(self):
        return {name: tensor.numpy() for name, tensor in self.inputs.items()}


def voice():
    """3 s of a gliding tone with harmonics, [48000]: the window that `emoscope bench` times."""
    t = np.arange(3 * caser.SAMPLE_RATE) / caser.SAMPLE_RATE
    phase = 2 * math.pi * (120 * t + 20 * np.sin(4 * t))
    return torch.tensor((0.1 * sum(np.sin(h * phase) / h for h in range(1, 7))).astype(np.float32))


def paper(folder):
    """CA-SER over wav2vec 2.0 base up to layer 9, the paper's tap, with random weights. Later layers are not
    created."""
    model = golden_networks.wav2vec2_network(seed=0, tap=9, sizes={"num_hidden_layers": 9})
    # Otherwise PyTorch would compute the kernel from its parametrization for each window.
    parametrize.remove_parametrizations(model.wav2vec_encoder.wav2vec.encoder.pos_conv_embed.conv, "weight")
    weights = folder / "paper.safetensors"
    export.save(weights, golden_networks.engine_tensors(model), golden_networks.metadata(model))
    wave = voice()
    inputs = {"speech": caser.normalise(wave)[None], "mfcc": caser.mfcc(wave)[None]}
    return Network(title("the paper's network", weights), weights, model, inputs, list(caser.LABELS))


def shipped(folder):
    """The network that this repository ships."""
    weights = ROOT / "Weights/emoscope.safetensors"
    model, metadata = check.read_back(weights)
    wave = voice()
    if metadata.get("level_dbfs", "none") != "none":
        wave = caser.level(wave, float(metadata["level_dbfs"]))
    inputs = {"speech": log_mel(wave[None]), "mfcc": caser.mfcc(wave)[None]}
    # The tap's own front end is replaced by the identity, and its tensors become buffers, which exporters recognise.
    caser.log_mel = lambda frames: frames
    for name, tensor in model.wav2vec_encoder.weights.items():
        model.wav2vec_encoder.register_buffer(name.replace(".", "_"), tensor)
    return Network(title("the shipped network", weights), weights, model, inputs, metadata["labels"].split(","))


def title(name, weights):
    with safe_open(weights, "pt") as file:
        count = sum(math.prod(file.get_slice(tensor).get_shape()) for tensor in file.keys())
    return f"{name}, {count / 1e6:.1f} M weights"


NETWORKS = {"paper": paper, "shipped": shipped}


class Once(quantization.CalibrationDataReader):
    """Calibration data of one window; the measured times do not depend on it."""

    def __init__(self, feed):
        self.feeds = iter([feed])

    def get_next(self):
        return next(self.feeds, None)


def to_onnx(network, folder):
    """Exports the network. Returns files by kind: `plain` as exported, `fp32` prepared by ONNX Runtime, and that file
    quantised to int8 as `dynamic` and `static`."""
    files = {kind: str(folder / f"{kind}.onnx") for kind in ("plain", "fp32", "dynamic", "static")}
    config = getattr(getattr(network.model.wav2vec_encoder, "wav2vec", None), "config", None)
    logging.disable(logging.WARNING)
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")
        if config:
            config._attn_implementation = "eager"
        torch.onnx.export(
            network.model, tuple(network.inputs.values()), files["plain"], input_names=list(network.inputs),
            output_names=["logits"], opset_version=17, dynamo=False)
        if config:
            config._attn_implementation = "sdpa"
    quant_pre_process(files["plain"], files["fp32"], skip_symbolic_shape=True)
    quantization.quantize_dynamic(
        files["fp32"], files["dynamic"], weight_type=quantization.QuantType.QInt8, per_channel=True,
        op_types_to_quantize=["MatMul", "Gemm", "LSTM"])
    quantization.quantize_static(
        files["fp32"], files["static"], Once(network.arrays()), quant_format=quantization.QuantFormat.QDQ,
        per_channel=True, activation_type=quantization.QuantType.QUInt8, weight_type=quantization.QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Gemm", "Conv"])
    logging.disable(logging.NOTSET)
    return files
