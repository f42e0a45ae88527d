"""Tests, on clips, a baseline that a session learns by itself: python sessions.py --corpora DIR …, after voices.py

A session is a sequence of clips of one held-out speaker, each used once: the speaker's neutral clips in random order,
with turns of emotion among them, and one window for each clip. The reference of a window is computed from the preceding
windows by one of `RULES`, and applied by `offset.Correction`. Writes sessions.json: for each rule, the labels shown in
ordinary time and the share of emotional time that is found, in the first minute and later.
"""
import json

import numpy as np

import caser
import corpora
import enrolment
import metrics
import train
from recipe import UNSURE

CORPUS = "nemo"                         # the corpus with minutes of neutral speech of each speaker
SESSIONS = 5                            # of each speaker
EMOTIONAL = 0.2                         # of the clips
TURN = 2                                # clips of an emotional turn
SETTLED_S = 60.0
LEAST, MOST = 2, 20                     # fewest preceding windows for a reference, and most windows that it is made of
NEUTRAL = caser.LABELS.index("neutral")

# Functions from the neutral probabilities of the past windows, as shown, to their weights in the reference, [n] -> [n].
RULES = {
    "none": None,
    "true neutral": None,               # upper bound: the truly neutral windows among the preceding ones
    "all": lambda p: np.ones_like(p),
    "neutral probability": lambda p: p + 0.02,
    "likelier half": lambda p: (p >= np.median(p)).astype(float),
    "likelier four fifths": lambda p: (p >= np.quantile(p, 1 / 5)).astype(float),
    "likelier two thirds": lambda p: (p >= np.quantile(p, 1 / 3)).astype(float),
}


def session(truth, rng, emotional=EMOTIONAL, begins=None):
    """Positions in `truth` in the order of a session: turns of emotion among the neutral clips, the first after at
    least two of them. If `begins` is an emotion, the session begins with three clips of it."""
    by = [rng.permutation(np.flatnonzero(truth == e)).tolist() for e in range(len(caser.LABELS))]
    out = [by[begins].pop() for _ in range(3)] if begins is not None else []
    neutral, others = by[NEUTRAL], [e for e in range(len(caser.LABELS)) if e != NEUTRAL]
    turns = round(len(neutral) * emotional / (1 - emotional) / TURN)
    kinds = [e for _ in range(turns // len(others) + 1) for e in rng.permutation(others).tolist()][:turns]
    places = sorted(rng.choice(np.arange(2, len(neutral)), turns, replace=False).tolist())
    for k, i in enumerate(neutral):
        for e in [e for e, place in zip(kinds, places) if place == k]:
            out += [by[e].pop() for _ in range(TURN) if by[e]]
        out.append(i)
    return np.array(out)


def heard(correction, logits, truth, rule):
    """Probabilities [n, 4] of a session's windows from their `logits` [n, 4] in order, each with the reference of the
    preceding windows by `rule`."""
    weigh, out = RULES[rule], []
    for k in range(len(logits)):
        past = np.arange(max(0, k - MOST), k)
        if rule == "true neutral":
            past = np.flatnonzero(truth[:k] == NEUTRAL)[-MOST:]
        mean, count = np.zeros(4), 0.0
        if rule != "none" and len(past) >= LEAST:
            w = weigh(np.array([out[j][NEUTRAL] for j in past])) if weigh else np.ones(len(past))
            mean, count = (w[:, None] * logits[past]).sum(0) / w.sum(), w.sum()
        out.append(metrics.softmax(correction(logits[k : k + 1], mean[None], np.array([count])))[0])
    return np.array(out)


def figures_of(parts):
    """Shares of time, in the first minute and later, from `parts`: [(start of each window in s, length, truth,
    probabilities)]."""
    start, length, truth, p = (np.concatenate(x) for x in zip(*parts))
    label = np.where(p.max(1) >= UNSURE, p.argmax(1), -1)
    out = {}
    for name, when in (("first minute", start < SETTLED_S), ("later", start >= SETTLED_S)):
        ordinary, emotional = when & (truth == NEUTRAL), when & (truth != NEUTRAL)
        share = lambda among, hit: round(float((length * hit)[among].sum() / max(1e-9, length[among].sum())), 4)
        out[name] = {"ordinary as emotion": share(ordinary, (label != NEUTRAL) & (label >= 0)),
                     "ordinary unsure": share(ordinary, label < 0), "emotion found": share(emotional, label == truth),
                     "emotion as neutral": share(emotional, label == NEUTRAL), "emotion unsure": share(emotional, label < 0)}
    return out


def tried(held, corrections, names, seconds, rule, **kinds):
    """The figures of a rule over the sessions of all speakers of `CORPUS` that the runs `names` held out."""
    parts = []
    for name in names:
        for speaker in np.unique(held.speaker[(held.run == name) & (held.corpus == CORPUS)]):
            rows = np.flatnonzero((held.run == name) & (held.speaker == speaker))
            for draw in range(SESSIONS):
                order = rows[session(held.truth[rows], np.random.default_rng((draw, len(rows))), **kinds)]
                p = heard(corrections[name, False], held.said["plain"][order], held.truth[order], rule)
                length = seconds[held.rows[order]]
                parts.append((np.cumsum(length) - length, length, held.truth[order], p))
    return figures_of(parts)


def table(folds, unseen, corrections, seconds):
    """The figures by family, kind of session and rule."""
    angry = caser.LABELS.index("angry")
    kinds = {"usual": {}, "begins angry": {"begins": angry}, "half emotional": {"emotional": 0.5}}
    families = {"folds": (folds, np.unique(folds.run))}
    if f"without-{CORPUS}" in unseen:
        families["unseen_corpus"] = (unseen[f"without-{CORPUS}"], [f"without-{CORPUS}"])
    return {family: {kind: {rule: tried(held, corrections, names, seconds, rule, **more) for rule in RULES}
                     for kind, more in kinds.items()}
            for family, (held, names) in families.items()}


def main():
    place = train.Workplace(train.Workplace.arguments(__doc__).parse_args())
    seconds = np.array([len(corpora.read_wave(c.path)) / caser.SAMPLE_RATE if c.corpus == CORPUS else 0 for c in place.clips])
    sources = enrolment.sources_of(place)
    results = table(sources.folds, sources.unseen, enrolment.corrections_of(sources), seconds)
    (place.work / "sessions.json").write_text(json.dumps(results, indent=1) + "\n")
    for family, kinds in results.items():
        for kind, rules in kinds.items():
            for rule, figures in rules.items():
                print(family, kind, rule, figures)


if __name__ == "__main__":
    main()
