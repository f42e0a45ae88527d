"""Computes and caches the features for all training and measuring: python cache.py --corpora DIR --encoder FILE
[--ordinary DIR] [--meetings DIR] [--phones DIR] [--only NAME …]

NAME is one of `features.VARIANTS` (windows of the corpora), `ordinary`, `ordinary-channel`, `phones`, or
`in-CONDITION`, the corpora's middle windows in one of `CONDITIONS`; `conditions` stands for all of the latter. A run that was stopped continues where it was.
"""
import argparse
import functools
import hashlib
from pathlib import Path

import numpy as np
import torch

import channels
import conditions
import corpora
import features
import ordinary
import train

LIMIT = 250                             # maximum number of clips of a corpus that are measured in a condition
# Everyday recording conditions, for measuring only: training draws its channels with other seeds.
CONDITIONS = {
    "far-field": lambda wave, rng: conditions.mixed(
        conditions.room(wave, rng, rt60_s=0.5, direct_db=-3.0), corpora.noise(len(wave), rng), 15.0, rng),
    "telephone": lambda wave, rng: channels.coded(conditions.telephone(wave), channels.CODECS[3]),
    "laptop": lambda wave, rng: channels.coded(conditions.mixed(
        channels.filtered(conditions.room(wave, rng, rt60_s=0.35, direct_db=3.0), channels.microphone(rng)),
        corpora.noise(len(wave), rng), 20.0, rng), channels.CODECS[1]),
}


def measured(clips):
    """Indices of the clips that are measured in the conditions: at most `LIMIT` of each corpus, drawn at random."""
    rng, out = np.random.default_rng(2), []
    for corpus in corpora.names(clips):
        rows = [i for i, c in enumerate(clips) if c.corpus == corpus]
        out += sorted(rng.choice(rows, min(LIMIT, len(rows)), replace=False).tolist())
    return out


def in_condition(clips, name, i):
    """The middle window of clip `i` after the whole clip has passed the condition `name`."""
    seed = int(hashlib.sha256(name.encode()).hexdigest()[:8], 16)
    wave = CONDITIONS[name](corpora.read_wave(clips[i].path), np.random.default_rng((seed, i)))
    return corpora.middle_window(wave / max(1.0, np.abs(wave).max()))


def places(options):
    """The cache folders of (the corpora, ordinary speech, phones)."""
    work = options.work / "cache"
    key = features.key(options.corpora, options.encoder)
    return work / key, work / f"ordinary-{key}", work / f"phones-{key}"



def arguments(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("corpora", "encoder"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    for name in ("ordinary", "meetings", "phones"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--work", type=Path, default=train.HERE)
    return parser


def main():
    parser = arguments(__doc__)
    parser.add_argument("--only", nargs="+")
    options = parser.parse_args()
    torch.set_num_threads(1)
    clips, pieces = corpora.read_manifest(options.corpora), train.pieces_of(options)
    frozen = functools.cache(lambda: features.load_frozen(options.encoder))
    say = lambda line: print(line, flush=True)
    wanted = lambda name: not options.only or name in options.only
    ours, theirs, lay = places(options)
    for v, name in enumerate(features.VARIANTS):
        if wanted(name):
            features.compute(clips, options.encoder, ours, [v], pieces, say)
    windows = ordinary.Windows(pieces) if pieces else None
    for name in train.ORDINARY if pieces else ():
        if wanted(name):
            rows = None if name == train.ORDINARY[0] else windows.channelled()
            features.fill(theirs, name, len(windows.piece), lambda i: windows.window(i, rows is not None), frozen, say, rows)
    if options.phones and wanted("phones"):
        spoken = corpora.read_manifest(options.phones)
        features.fill(lay, "phones", len(spoken), lambda i: corpora.middle_window(corpora.read_wave(spoken[i].path)), frozen, say)
    rows = measured(clips)
    for name in CONDITIONS:
        if wanted(f"in-{name}") or wanted("conditions"):
            features.fill(ours, f"in-{name}", len(rows), lambda i: in_condition(clips, name, rows[i]), frozen, say)


if __name__ == "__main__":
    main()
