"""Measures the cost of recording conditions on the folds: python robustness.py --corpora DIR --encoder FILE --noise DIR

The network of the fold that held its speaker out predicts each clip, clean and in every condition of `conditions.py`;
at most LIMIT clips of a corpus, drawn at random. Writes `robustness` into results.json: by corpus and condition the UAR
of the middle window, its change, and the share of clips whose label changes.
"""
import json
from pathlib import Path

import numpy as np
import torch

import conditions
import corpora
import features
import metrics
import train

LIMIT = 700


def drawn(clips):
    """Indices of the measured clips, in order within each corpus."""
    rng, out = np.random.default_rng(1), []
    for corpus in corpora.names(clips):
        rows = [i for i, c in enumerate(clips) if c.corpus == corpus]
        out += sorted(rng.choice(rows, min(LIMIT, len(rows)), replace=False).tolist())
    return out


def predictions(place, networks, indices, name, noises):
    """Logits [N, 4] of the clips `indices` in the condition `name`, each by the network of its fold."""
    folds, frozen = corpora.fold_of_speakers(place.clips), features.load_frozen(place.encoder)
    out = np.zeros((len(indices), 4), np.float32)
    for start in range(0, len(indices), features.BATCH):
        rows = indices[start : start + features.BATCH]
        windows = [
            corpora.middle_window(conditions.apply(name, corpora.read_wave(place.clips[i].path), (1, i), noises))
            for i in rows
        ]
        streams, frames = features.front_ends(frozen, np.stack(windows))
        owner = np.array([folds[place.clips[i].speaker] for i in rows])
        with torch.no_grad():
            for k in set(owner.tolist()):
                mine = owner == k
                out[start : start + len(rows)][mine] = networks[k](streams[mine], frames[mine]).numpy()
    return out


def main():
    parser = train.Workplace.arguments(__doc__)
    parser.add_argument("--noise", required=True, type=Path, help="the folder of noises that holds manifest.csv")
    options = parser.parse_args()
    place = train.Workplace(options)
    noises = conditions.read_noises(options.noise)
    networks = [place.network(f"fold{k}") for k in range(corpora.FOLDS)]
    indices = drawn(place.clips)
    truth = np.array([place.clips[i].emotion for i in indices])
    corpus = np.array([place.clips[i].corpus for i in indices])
    results, clean = {}, None
    for name in conditions.CONDITIONS:
        logits = predictions(place, networks, indices, name, noises)
        clean = logits if clean is None else clean
        for c in corpora.names(place.clips):
            mine = corpus == c
            uar, before = (metrics.report(truth[mine], x[mine])["uar"] for x in (logits, clean))
            results.setdefault(c, {})[name] = {
                "clips": int(mine.sum()), "uar": uar, "change": round(uar - before, 4),
                "labels_changed": round(float((logits.argmax(1) != clean.argmax(1))[mine].mean()), 4),
            }
            print(f"{c}, {name}: UAR {uar:.3f} ({uar - before:+.3f})", flush=True)
    stale = [part for part in place.kept_results().get("actors_alone", []) if part != "robustness"]
    place.add_results({"robustness": results, "actors_alone": stale})


if __name__ == "__main__":
    main()
