"""Writes the shipped files from the runs "shipped" and "open", and their figures on the bundled conversation:

    python ship.py --corpora DIR --encoder FILE        # after train.py, enrolment.py and figures.py

The correction's scale and bias are folded into the last layer, so that the softmax of the file's logits is calibrated.
Its offset of a voice goes into the metadata.
"""
import csv
import hashlib
from pathlib import Path

import numpy as np
import soundfile
import torch

import caser
import corpora
import export
import features
import figures
import metrics
import offset
import train
from recipe import ENCODER_HEADS, FROZEN, LEVEL_DBFS, MFCC_POOL, TAP, TAP_MIX, TAP_POOL, UNSURE

POSITIONS = 650                     # frames in 13 s, the longest clip
HOP = caser.SAMPLE_RATE // 2
SAMPLE = train.HERE.parent.parent / "Samples" / "conversation.flac"
TRAINED = f"encoder.blocks.{TAP - 1}."

# name -> (run, family of folds that calibrates it, training data, licence)
FILES = {
    "emoscope": ("shipped", "folds", "RAVDESS, nEMO and EMO-DB (without speakers 03, 08 and 14)",
                 "head and third block: CC BY-NC-SA 4.0 (RAVDESS and nEMO are non-commercial, share-alike); "
                 "the rest of the Whisper encoder: MIT"),
    "emoscope-open": ("open", "open", "EMO-DB (without speakers 03, 08 and 14)",
             "head and third block: MIT, trained on CC0 data alone; the rest of the Whisper encoder: MIT"),
}


def tap_tensors(encoder):
    """The encoder's tensors up to the tap, unchanged except for the cut positional table, under `encoder.`."""
    tensors = {}
    for name, tensor in encoder.items():
        name = "encoder." + name.removeprefix("encoder.")
        if name.startswith("encoder.ln_post"):
            continue
        if name.startswith("encoder.blocks.") and int(name.split(".")[2]) >= TAP:
            continue
        tensors[name] = tensor[:POSITIONS] if name.endswith("positional_embedding") else tensor
    return tensors


def tensors_of(model, encoder, correction):
    """All tensors of the file: the encoder's, including the trained block, in fp16, and the head's in fp32."""
    out = tap_tensors(encoder)
    out |= {TRAINED + n: v.half() for n, v in model.block.state_dict().items()}
    out |= {n: v.detach().float() for n, v in model.head.state_dict().items() if not n.startswith("wav2vec_encoder.")}
    out["tap_mix"] = model.mix.detach().float()
    for name in ("cls_head.weight", "cls_head.bias"):
        out[name] = out[name] * correction.scale
    out["cls_head.bias"] = out["cls_head.bias"] + torch.tensor(correction.bias)
    return out


def write(path, model, encoder, cross_heads, correction, corpora_said, licence):
    offset_said = {} if correction.usual is None else {
        "offset_doubt": correction.doubt, "offset_usual": ",".join(map(str, correction.usual))}
    export.save(path, tensors_of(model, encoder, correction), {
        "encoder": "whisper",
        "tap": TAP,
        "tap_mix": ",".join(map(str, TAP_MIX)),
        "tap_pool": TAP_POOL,
        "tap_pool_after": FROZEN,
        "encoder_heads": ENCODER_HEADS,
        "cross_heads": cross_heads,
        "labels": ",".join(caser.LABELS),
        "tap_norm": "layer",
        "mfcc_pool": MFCC_POOL,
        "level_dbfs": LEVEL_DBFS,
        "unsure": UNSURE,
        "provenance": f"CA-SER trained by emoscope's Weights/training on {corpora_said}, over the first three blocks of "
                      "OpenAI's Whisper base encoder, the third of them trained along",
        "licence": licence,
        **offset_said,
    })


def conversation(path, model, encoder, correction):
    """Figures of the conversation's windows (3 s, every 0.5 s) against two true labels: the emotion at the window's
    centre, and the emotion of most of the speech in a window with at least 1 s of it."""
    wave, _ = soundfile.read(path, dtype="float32")
    with open(path.with_suffix(".csv"), newline="") as file:
        said = [(float(r["start_s"]), float(r["end_s"]), caser.LABELS.index(r["emotion"]))
                for r in csv.DictReader(file)]
    window = caser.MIN_SAMPLES
    starts = range(0, len(wave) - window + 1, HOP)
    frozen = features.load_frozen(encoder)
    logits = []
    for group in np.array_split(np.array(starts), -(-len(starts) // 16)):
        streams, frames = features.front_ends(frozen, np.stack([wave[s : s + window] for s in group]))
        with torch.no_grad():
            logits.append(correction(model(streams, frames).numpy()))
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


def main():
    parser = train.Workplace.arguments(__doc__)
    parser.add_argument("--out", type=Path, default=train.HERE.parent, help="folder of the files")
    options = parser.parse_args()
    place = train.Workplace(options)
    results = place.kept_results()
    for name, (run, family, said, licence) in FILES.items():
        if "correction" not in results.get(family, {}) or not place.is_done(run):
            print(f"{name}: its runs are not there; left out")
            continue
        model, correction = place.network(run), offset.Correction.of(results[family]["correction"])
        path = options.out / f"{name}.safetensors"
        write(path, model, place.tensors(), place.recipe.heads, correction, said, licence)
        results.setdefault("files", {})[name] = {
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "bytes": path.stat().st_size,
            "training_clips": len(place.run(run).train),
            "held_out_speakers": corpora.CONVERSATION_SPEAKERS,
            **figures.held_out(place, run, correction)[train.OPEN],
            "conversation": conversation(SAMPLE, model, place.encoder, correction),
        }
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, {correction}")
    place.add_results({"files": results.get("files", {})})


if __name__ == "__main__":
    main()
