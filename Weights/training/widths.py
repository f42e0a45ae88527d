"""How wide should the head be? Measured inside the training speakers of fold 0, never on a fold that is reported.

    python widths.py --corpora DIR --encoder whisper-base-encoder-fp16.safetensors

For each width: trains by the recipe on the speakers of folds 1 to 4 and measures on those of fold 5, of the middle
window and of windows cut from turns. Writes widths.json. Needs what train.py has put into cache/.
"""
import argparse
import concurrent.futures
import dataclasses
import json
import multiprocessing
import os
from pathlib import Path

import torch

import corpora
import features
import metrics
import train

WIDTHS = (128, 256, 384)
TESTED, UNSEEN = 5, 0       # the fold to measure on, and the fold that stays out of the choice altogether


def recipe_of(width):
    """The shipped recipe with everything scaled to the width of the fused sequence."""
    return dataclasses.replace(train.Recipe(), d=width, hidden=width // 2, inner=width // 2, feed_forward=2 * width)


def measure(width, folder, cache, seed):
    torch.set_num_threads(1)
    clips = corpora.read_manifest(folder)
    arrays = train.open_features(cache)
    folds = corpora.fold_of_speakers(clips)
    rows = [i for i, c in enumerate(clips) if folds[c.speaker] not in (TESTED, UNSEEN)]
    held = [i for i, c in enumerate(clips) if folds[c.speaker] == TESTED]
    recipe = recipe_of(width)
    runs = train.HERE / "runs" / f"width-{recipe.key(seed)}"
    runs.mkdir(parents=True, exist_ok=True)
    model = train.fit(f"width{width}", recipe, clips, rows, arrays, seed, runs, lambda s: print(s, flush=True))
    figures = {"parameters": sum(p.numel() for p in model.parameters())}
    for kind, variant in (("middle_window", 0), ("stream_window", 2)):
        logits = train.predict(model, arrays[0][variant], arrays[1][variant], held)
        for corpus in sorted({c.corpus for c in clips}):
            own = [r for r, i in enumerate(held) if clips[i].corpus == corpus]
            report = metrics.report([clips[held[r]].emotion for r in own], logits[own])
            figures.setdefault(kind, {})[corpus] = report["uar"]
    return width, figures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", required=True, type=Path)
    parser.add_argument("--encoder", required=True, type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    cache = train.HERE / "cache" / features.key(options.corpora, options.encoder)
    results = {}
    with concurrent.futures.ProcessPoolExecutor(options.jobs, multiprocessing.get_context("spawn")) as pool:
        jobs = [pool.submit(measure, w, options.corpora, cache, options.seed) for w in WIDTHS]
        for job in concurrent.futures.as_completed(jobs):
            width, figures = job.result()
            results[width] = figures
            print(width, figures, flush=True)
    (train.HERE / "widths.json").write_text(json.dumps(dict(sorted(results.items())), indent=1) + "\n")


if __name__ == "__main__":
    main()
