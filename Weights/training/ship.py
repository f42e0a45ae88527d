"""The trained head and Whisper's first blocks as one file of weights, and what it says of the conversation."""
import csv

import numpy as np
import soundfile
import torch
from safetensors.torch import load_file

import caser
import export
import features
import metrics

POSITIONS = 650                     # 13 s of frames, all the tap can be asked for
HOP = caser.SAMPLE_RATE // 2


def tap_tensors(encoder):
    """The encoder's tensors up to the tap, as they are given, under `encoder.`."""
    tensors = {}
    for name, tensor in load_file(encoder).items():
        name = "encoder." + name.removeprefix("encoder.")
        if name.startswith("encoder.ln_post"):
            continue
        if name.startswith("encoder.blocks.") and int(name.split(".")[2]) >= features.TAP:
            continue
        tensors[name] = tensor[:POSITIONS] if name.endswith("positional_embedding") else tensor
    return tensors


def write(path, model, encoder, cross_heads):
    """Writes `model`'s head in float32 with the tap as given."""
    tensors = tap_tensors(encoder) | {name: t.detach().float() for name, t in model.state_dict().items()}
    export.save(path, tensors, {
        "encoder": "whisper",
        "tap": features.TAP,
        "encoder_heads": features.ENCODER_HEADS,
        "cross_heads": cross_heads,
        "labels": ",".join(caser.LABELS),
        "tap_norm": "layer",
        "mfcc_pool": features.MFCC_POOL,
        "level_dbfs": features.LEVEL_DBFS,
        "provenance": "CA-SER head trained by emoscope's Weights/training on RAVDESS, nEMO and EMO-DB (without "
                      "speakers 03, 08 and 14) over the first three blocks of OpenAI's Whisper base encoder",
        "licence": "head: CC BY-NC-SA 4.0 (RAVDESS and nEMO are non-commercial, share-alike); "
                   "Whisper encoder: MIT",
    })


def demonstrate(conversation, model, encoder):
    """Shares of the conversation's windows (3 s, every 0.5 s) whose label is right: by the label spoken at the
    window's centre, and by the label that covers most of a window with at least 1 s of speech."""
    wave, _ = soundfile.read(conversation, dtype="float32")
    with open(conversation.with_suffix(".csv"), newline="") as file:
        said = [(float(r["start_s"]), float(r["end_s"]), caser.LABELS.index(r["emotion"]))
                for r in csv.DictReader(file)]
    window = caser.MIN_SAMPLES
    starts = range(0, len(wave) - window + 1, HOP)
    tap = features.load_tap(encoder)
    logits = []
    for group in np.array_split(np.array(starts), -(-len(starts) // 16)):
        ssl, frames = features.front_ends(tap, np.stack([wave[s : s + window] for s in group]))
        with torch.no_grad():
            logits.append(model.fuse(ssl, frames)["logits"].numpy())
    logits = np.concatenate(logits)
    centre, most = ([], []), ([], [])
    for row, start in enumerate(starts):
        begin, end = start / caser.SAMPLE_RATE, (start + window) / caser.SAMPLE_RATE
        spoken = np.zeros(len(caser.LABELS))
        for a, b, label in said:
            spoken[label] += max(0.0, min(b, end) - max(a, begin))
            if a <= (begin + end) / 2 < b:
                centre[0].append(label)
                centre[1].append(row)
        if spoken.sum() >= 1:
            most[0].append(int(spoken.argmax()))
            most[1].append(row)
    return {
        "windows": len(starts),
        "label_at_centre": metrics.report(centre[0], logits[centre[1]]),
        "label_of_most": metrics.report(most[0], logits[most[1]]),
    }
