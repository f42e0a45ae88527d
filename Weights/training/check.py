"""Reads a file of weights back and holds it against the trained head: python check.py --corpora … --encoder …

1. The checksum in the metadata is that of the data section.
2. The tap's tensors are the encoder's, bit for bit; blocks past the tap are not there.
3. The network built from the file alone gives the logits of the training checkpoint on real windows.
4. The file, run on whole clips (front ends, tap and head), repeats the reported result of the held-out speakers.
"""
import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file

import caser
import corpora
import export
import features
import metrics
import ship
from train import HERE, Recipe


def read_back(path):
    """The file of weights as (CASER over its own tap, metadata): kernels back in PyTorch's order."""
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    tensors = {name: t.transpose(1, 2).contiguous() if t.dim() == 3 else t for name, t in tensors.items()}
    tap = caser.WhisperTap({n: t for n, t in tensors.items() if n.startswith("encoder.")},
                           int(metadata["tap"]), int(metadata["encoder_heads"]))
    head = {n: t for n, t in tensors.items() if not n.startswith("encoder.")}
    d, inner = head["coatt.attn.query.weight"].shape[::-1]
    model = caser.CASER(tap, d=d, inner=inner, heads=int(metadata["cross_heads"]),
                        hidden=head["mfcc_ff.weight"].shape[1] // 2,
                        feed_forward=head["coatt.linear_layers.0.weight"].shape[0],
                        labels=len(metadata["labels"].split(",")), tap_norm=metadata["tap_norm"] == "layer",
                        mfcc_pool=int(metadata["mfcc_pool"]))
    model.load_state_dict(head)
    return model.eval(), metadata


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", required=True, type=Path)
    parser.add_argument("--encoder", required=True, type=Path)
    parser.add_argument("--weights", type=Path, default=HERE.parent / "emoscope.safetensors")
    options = parser.parse_args()
    results = json.loads((HERE / "results.json").read_text())
    model, metadata = read_back(options.weights)

    assert metadata["format"] == export.FORMAT
    assert metadata["sha256"] == hashlib.sha256(export.data_section(options.weights)).hexdigest()
    assert results["shipped"]["sha256"] == hashlib.sha256(options.weights.read_bytes()).hexdigest()

    stored, given = load_file(options.weights), ship.tap_tensors(options.encoder)
    assert {n for n in stored if n.startswith("encoder.")} == set(given)
    for name, tensor in given.items():
        tensor = tensor.transpose(1, 2) if tensor.dim() == 3 else tensor
        assert stored[name].dtype == torch.float16 and torch.equal(stored[name], tensor), name
    assert not any(f"blocks.{i}." in n for n in stored for i in range(features.TAP, 6))

    recipe = Recipe()
    trained = recipe.model()
    state = torch.load(HERE / "runs" / recipe.key(results["seed"]) / "shipped.pt", weights_only=True)["model"]
    trained.load_state_dict(state)
    trained.mfcc_pool = features.MFCC_POOL
    trained.wav2vec_encoder = features.load_tap(options.encoder)
    trained.eval()

    held = [c for c in corpora.read_manifest(options.corpora) if c.speaker in corpora.CONVERSATION_SPEAKERS]
    logits, difference = [], 0.0
    for clip in held:
        wave = caser.level(torch.from_numpy(corpora.middle_window(corpora.read_wave(clip.path))),
                           float(metadata["level_dbfs"]))
        frames = caser.mfcc(wave.numpy())
        with torch.no_grad():
            ours, theirs = (m(wave[None], frames[None])[0] for m in (model, trained))
        difference = max(difference, float((ours - theirs).abs().max()))
        logits.append(ours.numpy())
    assert difference == 0, f"the file's logits differ from the checkpoint's by up to {difference}"
    report = metrics.report([c.emotion for c in held], np.stack(logits))
    reported = results["shipped"]["middle_window"]
    print(f"{len(held)} clips: logits equal the checkpoint's; UAR {report['uar']}, reported {reported['uar']}")
    # The training's features are kept in fp16, so a clip on the edge may fall to the other side.
    assert abs(report["accuracy"] - reported["accuracy"]) <= 1.5 / len(held)


if __name__ == "__main__":
    main()
