"""A baseline that a session learns by itself, tried on clips: python sessions.py --corpora DIR … --runs without-nemo fold0 …

A session is the clips of one speaker whom the run never heard, one after another, no clip twice: his neutral ones in drawn order and
among them turns of emotion, one window a clip. Before each window the reference is made of the windows that went before, by one of
the `RULES`; the network then reads the window knowing it. Writes what ordinary time is shown as, and how many emotional windows are
named rightly, before and after the first minute, into sessions.json.
"""
import json

import numpy as np
import torch

import corpora
import features
import metrics
import reference
import train
from voices import read

CORPUS = "nemo"                         # the one with minutes of neutral speech a speaker
SESSIONS = 3                            # of each speaker
EMOTIONAL = 0.2                         # of the clips
TURN = 2                                # clips of an emotional turn
SETTLED_S = 60.0
LEAST, MOST = 3, 40                     # windows before a reference is used; those that it is made of
UNSURE = 0.6
NEUTRAL = reference.NEUTRAL


def session(clips, rows, rng):
    """Indices of clips in the order of a session, turns of emotion evenly among the neutral ones but not before two of those."""
    by = [rng.permutation([i for i in rows if clips[i].emotion == e]).tolist() for e in range(4)]
    neutral, out = by[NEUTRAL], []
    turns = round(len(neutral) * EMOTIONAL / (1 - EMOTIONAL) / TURN)
    kinds = [e for _ in range(turns // 3 + 1) for e in rng.permutation([e for e in range(4) if e != NEUTRAL]).tolist()][:turns]
    gaps = np.sort(rng.choice(np.arange(2, len(neutral)), turns, replace=False))
    for k, i in enumerate(neutral):
        for e in [e for e, at in zip(kinds, gaps) if at == k]:
            out += [by[e].pop() for _ in range(TURN) if by[e]]
        out.append(i)
    return out


# Weights of past windows in a reference, by their neutral probability as they were read, [n] -> [n].
RULES = {
    "none": None,
    "true neutral": "truth",            # what cannot be had: the neutral windows among those that went before
    "all": lambda p: np.ones_like(p),
    "neutral probability": lambda p: p + 0.02,
    "likelier half": lambda p: (p >= np.median(p)).astype(float),
    "likelier two thirds": lambda p: (p >= np.quantile(p, 1 / 3)).astype(float),
}


def run_session(model, fit, stream, frames, means, order, truth, rule):
    """Probabilities [n, 4] of the windows `order`, each read knowing what the rule makes of those before it."""
    out, neutral = [], []
    for k, i in enumerate(order):
        past, known = list(range(max(0, k - MOST), k)), None
        if rule == "truth":
            past = [j for j in range(k) if truth[j] == NEUTRAL][-10:]
        if rule is not None and len(past) >= LEAST:
            w = np.ones(len(past)) if rule == "truth" else rule(np.array([neutral[j] for j in past]))
            known = (w[:, None] * means[[order[j] for j in past]]).sum(0) / w.sum()
        p = metrics.softmax(fit(read(model, stream, frames, [i], None if known is None else known[None].astype(np.float32))))[0]
        out.append(p)
        neutral.append(p[NEUTRAL])
    return np.array(out)


def figures_of(parts):
    """parts: [(seconds at a window's start, length, truth, probabilities)] -> shares by time, before and after the first minute."""
    at, length, truth, p = (np.concatenate(x) for x in zip(*parts))
    label = np.where(p.max(1) >= UNSURE, p.argmax(1), -1)
    out = {}
    for name, when in (("first minute", at < SETTLED_S), ("later", at >= SETTLED_S)):
        calm, felt = when & (truth == NEUTRAL), when & (truth != NEUTRAL)
        shown = lambda among, hit: round(float((length * hit)[among].sum() / max(1e-9, length[among].sum())), 4)
        out[name] = {"ordinary shown as emotion": shown(calm, (label != NEUTRAL) & (label >= 0)), "ordinary unsure": shown(calm, label < 0),
                     "emotional found": shown(felt, label == truth), "emotional shown as an emotion": shown(felt, (label != NEUTRAL) & (label >= 0)),
                     "emotional found, if always named": shown(felt, p.argmax(1) == truth)}
    return out


def main():
    parser = train.Workplace.arguments(__doc__)
    parser.add_argument("--runs", nargs="+", required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    from enrolment import fits_of                      # the fits of runs that are read
    place = train.Workplace(options)
    fits = fits_of(place)
    stream, frames = features.kept(place.cache, str(features.MIDDLE))
    means, results = reference.means(stream), {}
    seconds = np.array([len(corpora.read_wave(c.path)) / 16_000 if c.corpus == CORPUS else 0 for c in place.clips])
    for family in ("fold", "without"):
        for rule_name, rule in RULES.items():
            parts = []
            for name in [n for n in options.runs if n.startswith(family)]:
                model, fit = place.network(name), fits[name, "none" if rule is None else "network"]
                held = [i for i in place.run(name).held if place.clips[i].corpus == CORPUS]
                for speaker in sorted({place.clips[i].speaker for i in held}):
                    for draw in range(SESSIONS):
                        rows = [i for i in held if place.clips[i].speaker == speaker]
                        order = session(place.clips, rows, np.random.default_rng((draw, len(rows))))
                        truth = np.array([place.clips[i].emotion for i in order])
                        p = run_session(model, fit, stream, frames, means, order, truth, rule)
                        ends = np.cumsum(seconds[order])
                        parts.append((ends - seconds[order], seconds[order], truth, p))
            if parts:
                results.setdefault(family, {})[rule_name] = figures_of(parts)
                print(family, rule_name, results[family][rule_name], flush=True)
    (place.work / "sessions.json").write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
