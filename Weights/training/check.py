"""Reads the shipped files back and compares them with the runs: python check.py --corpora DIR --encoder FILE

1. The checksum in the metadata is that of the data section, and the file's checksum is that in results.json.
2. The frozen blocks of the tap equal the encoder's, bit for bit; blocks past the tap are absent.
3. The network built from the file alone gives, on real windows, the run's logits, corrected.
4. The file, run on clips (front ends, tap and head), reproduces the reported result of the held-out speakers.
"""
import hashlib
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file

import caser
import corpora
import export
import metrics
import offset
import ship
import train
from recipe import TAP

TOLERANCE = 1e-4               # of a logit: scaling before or after the sum rounds differently


def read_back(path):
    """Reads a weights file as (CASER with its tap, metadata), with kernels in PyTorch's order."""
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    tensors = {name: t.transpose(1, 2).contiguous() if t.dim() == 3 else t for name, t in tensors.items()}
    blocks = [int(b) for b in metadata.get("tap_mix", "").split(",") if b]
    mix = dict(zip(blocks, tensors.pop("tap_mix").tolist())) if blocks else None
    after = metadata.get("tap_pool_after")
    tap = caser.WhisperTap({n: t for n, t in tensors.items() if n.startswith("encoder.")},
                           int(metadata["tap"]), int(metadata["encoder_heads"]), mix,
                           int(metadata.get("tap_pool", 1)), after and int(after))
    head = {n: t for n, t in tensors.items() if not n.startswith("encoder.")}
    d, inner = head["coatt.attn.query.weight"].shape[::-1]
    model = caser.CASER(tap, d=d, inner=inner, heads=int(metadata["cross_heads"]),
                        hidden=head["mfcc_ff.weight"].shape[1] // 2,
                        feed_forward=head["coatt.linear_layers.0.weight"].shape[0],
                        labels=len(metadata["labels"].split(",")), tap_norm=metadata["tap_norm"] == "layer",
                        mfcc_pool=int(metadata["mfcc_pool"]))
    model.load_state_dict(head)
    return model.eval(), metadata


def logits_of(model, metadata, window):
    """Logits [4] of `model` for the samples of a `window`, float32 [T], levelled according to `metadata`."""
    wave = caser.level(torch.as_tensor(window), float(metadata["level_dbfs"]))
    with torch.no_grad():
        return model(wave[None], caser.mfcc(wave.numpy())[None])[0].numpy()


def check(place, folder, name, results):
    run, family, _, _ = ship.FILES[name]
    path, said = folder / f"{name}.safetensors", results["files"][name]
    model, metadata = read_back(path)
    assert metadata["format"] == export.FORMAT
    assert metadata["sha256"] == hashlib.sha256(export.data_section(path)).hexdigest()
    assert said["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()

    encoder = place.tensors()
    stored, given = load_file(path), ship.tap_tensors(encoder)
    assert {n for n in stored if n.startswith("encoder.")} == set(given)
    for tensor_name, tensor in given.items():
        tensor = tensor.transpose(1, 2) if tensor.dim() == 3 else tensor
        assert stored[tensor_name].dtype == torch.float16, tensor_name
        assert tensor_name.startswith(ship.TRAINED) or torch.equal(stored[tensor_name], tensor), tensor_name
    assert not any(f"blocks.{i}." in n for n in stored for i in range(TAP, 6))

    trained, correction = place.network(run), offset.Correction.of(results[family]["correction"])
    trained.block.half().float()                     # rounded as in the file
    trained = trained.whole(encoder)
    held = [c for c in place.clips if c.speaker in corpora.CONVERSATION_SPEAKERS]
    logits, difference = [], 0.0
    for clip in held:
        window = corpora.middle_window(corpora.read_wave(clip.path))
        ours, theirs = (logits_of(m, metadata, window) for m in (model, trained))
        difference = max(difference, float(np.abs(ours - correction(theirs)).max()))
        logits.append(ours)
    assert difference <= TOLERANCE, f"the file's logits differ from the run's by up to {difference}"
    report = metrics.report([c.emotion for c in held], np.stack(logits))
    reported = said["middle_window"]
    print(f"{path.name}: {len(held)} clips: logits within {difference:.1e} of the run's; "
          f"UAR {report['uar']}, reported {reported['uar']}")
    # The training's features are cached in fp16, so a clip near a decision boundary may get another label.
    assert abs(report["accuracy"] - reported["accuracy"]) <= 1.5 / len(held)


def main():
    parser = train.Workplace.arguments(__doc__)
    parser.add_argument("--folder", type=Path, default=train.HERE.parent, help="folder of the files")
    options = parser.parse_args()
    place = train.Workplace(options)
    results = place.kept_results()
    for name in results["files"]:
        check(place, options.folder, name, results)


if __name__ == "__main__":
    main()
