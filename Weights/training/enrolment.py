"""Computes the figures with and without a reference from the output of voices.py: python enrolment.py --corpora DIR …

The first three neutral clips of each speaker, in the manifest's order, are the speaker's reference. They are left out
of every figure, including those without a reference. The ways to use a reference, by name:

    none            scale · logits
    offset          scale · (logits - share · (mean logits of the reference - usual)), share = K / (K + doubt) for K
    windows network         scale · logits of the network that is given the mean residual stream of the reference
    network offset  both: the offset, applied to the logits of the network that is given the reference

`offset.Fit` is fitted on the other folds; for a corpus left out, on the folds' clips of the other corpora.
"""
import json

import numpy as np
import torch

import caser
import corpora
import figures
import metrics
import offset
import ordinary
import reference
import train
from voices import wrong

ENROLLED = 3
WAYS = ("none", "offset", "network", "network offset")
TRIED = (0, 1, 2, 3, 5, 10)             # numbers of reference windows in the examples of a fit
SPOKEN = 4 / 3                          # windows in the first 4 s of a piece
UNSURE = 0.6
NEUTRAL = reference.NEUTRAL


class Held:
    """The predictions of runs for their held-out clips: `said`, logits [N, 4] by key of NAME.voices.npz, and labels of
    each clip."""

    def __init__(self, place, names):
        saved = [dict(np.load(place.folder / f"{n}.voices.npz")) for n in names]
        self.run = np.concatenate([[n] * len(s["rows"]) for n, s in zip(names, saved)])
        rows = np.concatenate([s["rows"] for s in saved])
        keys = [k for k in saved[0] if saved[0][k].shape == (len(saved[0]["rows"]), 4) and k.startswith(("plain", "first", "drawn", "angry", "other"))]
        self.said = {k: np.concatenate([s[k] for s in saved]) for k in keys}
        clips = [place.clips[i] for i in rows]
        self.truth, self.corpus, self.speaker = (np.array([getattr(c, n) for c in clips]) for n in ("emotion", "corpus", "speaker"))
        self.rows, self.saved = rows, dict(zip(names, saved))
        self.enrolled = self.first(ENROLLED)
        self.rest = ~np.isin(np.arange(len(rows)), np.concatenate(list(self.enrolled.values())))

    def first(self, count):
        """Positions of the first `count` neutral clips, by (run, speaker)."""
        return {(r, s): np.flatnonzero((self.run == r) & (self.speaker == s) & (self.truth == NEUTRAL))[:count]
                for r, s in dict.fromkeys(zip(self.run, self.speaker))}

    def reference_mean(self, logits, count=ENROLLED):
        """For each clip, the mean logits [N, 4] of its speaker's first `count` neutral clips."""
        first = self.first(count)
        return np.stack([logits[first[r, s]].mean(0) for r, s in zip(self.run, self.speaker)])


def examples(held, way, among):
    """The examples on which a way is fitted: every clip of `among` (boolean) once for each number in `TRIED`, with that
    number of other neutral clips of its speaker, drawn at random, as the reference."""
    logits = held.said[f"first{ENROLLED}" if way.startswith("network") else "plain"]
    rows, rng, out = np.flatnonzero(among), np.random.default_rng(3), []
    neutral = {s: np.flatnonzero((held.speaker == s) & (held.truth == NEUTRAL)) for s in np.unique(held.speaker[rows])}
    for most in TRIED if way.endswith("offset") else (0,):
        mean, count = np.zeros((len(rows), 4)), np.zeros(len(rows))
        for n, i in enumerate(rows if most else ()):
            others = neutral[held.speaker[i]]
            others = rng.permutation(others[others != i])[:most]
            count[n] = len(others)
            mean[n] = logits[others].mean(0) if len(others) else 0
        out.append((logits[rows], mean, count, held.truth[rows], held.corpus[rows]))
    return [np.concatenate(x) for x in zip(*out)]


def fitted(held, way, among):
    """The `offset.Fit` of a way on the clips `among` (boolean)."""
    return offset.Fit(*examples(held, way, among))


def applied(fit, held, way, rows, count=ENROLLED):
    """Logits of the clips `rows` (boolean), with each speaker's first `count` neutral clips as the reference; 0 for
    none."""
    key = f"first{count}" if way.startswith("network") and count else "plain"
    logits = held.said[key]
    if not way.endswith("offset") or not count:
        return fit(logits[rows])
    first = held.first(count)
    number = np.array([len(first[r, s]) for r, s in zip(held.run, held.speaker)])
    return fit(logits[rows], held.reference_mean(logits, count)[rows], number[rows])


def report(truth, logits, speakers):
    out = metrics.report(truth, logits)
    return {k: out[k] for k in ("clips", "uar", "recall", "calibration_error")} | {"uar_interval": figures.interval(truth, logits, speakers)}


def acted(folds, unseen):
    """The figures by family, corpus and way, and the fits by (run, way), which other figures use."""
    out, fits = {"folds": {}, "unseen_corpus": {}}, {}
    for way in WAYS:
        if way.startswith("network") and f"first{ENROLLED}" not in folds.said:
            continue
        final = np.zeros(folds.said["plain"].shape)
        for name in np.unique(folds.run):
            mine = folds.run == name
            fit = fits[name, way] = fitted(folds, way, ~mine if (~mine).any() else mine)
            final[mine] = applied(fit, folds, way, mine)
        for c in np.unique(folds.corpus):
            rows = (folds.corpus == c) & folds.rest
            out["folds"].setdefault(str(c), {})[way] = report(folds.truth[rows], final[rows], folds.speaker[rows])
        for name, held in unseen.items():
            fit = fits[name, way] = fitted(folds, way, folds.corpus != held.corpus[0])
            out["unseen_corpus"].setdefault(str(held.corpus[0]), {})[way] = report(
                held.truth[held.rest], applied(fit, held, way, held.rest), held.speaker[held.rest])
        out.setdefault("fit", {})[way] = fitted(folds, way, np.ones(len(folds.rows), bool)).told()
    return out, fits


def curve(folds, unseen, fits, way="offset"):
    """UAR of the same clips by family, corpus and reference: 0 to `ENROLLED` neutral clips, or a wrong reference, which
    is three angry clips of the speaker or three neutral clips of another speaker."""
    out = {}
    for family, sets in (("folds", {n: folds for n in np.unique(folds.run)}), ("unseen_corpus", unseen)):
        for label in (0, 1, 2, ENROLLED, "angry", "other"):
            parts = []
            for name, held in sets.items():
                rows = (held.run == name) & held.rest
                if isinstance(label, int):
                    logits = applied(fits[name, way], held, way, rows, label)
                else:
                    means = wrong_means(held, label)
                    logits = fits[name, way](held.said["plain"][rows], means[rows], ENROLLED)
                parts.append((held.truth[rows], logits, held.corpus[rows]))
            truth, logits, corpus = (np.concatenate(p) for p in zip(*parts)) if parts else ((), (), ())
            for c in np.unique(corpus):
                mine = corpus == c
                out.setdefault(family, {}).setdefault(str(c), {})[str(label)] = metrics.report(truth[mine], logits[mine])["uar"]
    return out


def wrong_means(held, label):
    """For each clip, the mean logits [N, 4] of three angry clips of its speaker, or of three neutral clips of the next
    speaker of its corpus."""
    angry, other = wrong(held.truth, held.speaker, held.corpus)
    return np.stack([held.said["plain"][list(rows)].mean(0) if len(rows) else np.zeros(4)
                     for rows in (angry if label == "angry" else other)])


def shares(logits):
    """The share of each label and of `unsure`."""
    p = metrics.softmax(logits)
    named = p.max(1) >= UNSURE
    out = {name: round(float((named & (p.argmax(1) == k)).mean()), 4) for k, name in enumerate(caser.LABELS)}
    return out | {"unsure": round(float((~named).mean()), 4)}


def speech(place, held_by_name, fits):
    """Shares of labels of ordinary speech in sets that a run was not trained on, by set and way: of the windows after
    the first 4 s of a piece, which are the reference, and of the pieces by the mean logits of these windows."""
    windows, out = ordinary.Windows(place.pieces), {}
    first, rest = ordinary.parts(windows.start)
    for way in WAYS:
        said = {}
        for name, saved in held_by_name.items():
            if (name, way) not in fits or (way.startswith("network") and "ordinary4" not in saved):
                continue
            heard = saved["ordinary_rows"]
            logits = saved["ordinary4" if way.startswith("network") else "ordinary"]
            if way.endswith("offset"):
                mean = np.zeros_like(logits)
                for piece in np.unique(windows.piece[heard]):
                    mine = windows.piece[heard] == piece
                    mean[mine] = logits[mine & first[heard]].mean(0)
                final = fits[name, way](logits, mean, SPOKEN)
            else:
                final = fits[name, way](logits)
            for s in np.unique(windows.set[heard]):
                rows = (windows.set[heard] == s) & rest[heard]
                pieces = [final[rows & (windows.piece[heard] == p)].mean(0) for p in np.unique(windows.piece[heard][rows])]
                said.setdefault(str(s), []).append((shares(final[rows]), shares(np.array(pieces))))
        for s, pairs in said.items():
            out.setdefault(s, {})[way] = {kind: {k: round(float(np.mean([p[i][k] for p in pairs])), 4) for k in pairs[0][i]}
                                          for i, kind in enumerate(("windows", "pieces"))}
    return out


def conditions(place, held, fits):
    """Recall of emotional and of neutral clips without a reference, by corpus, clean and in the conditions of
    `cache.py`."""
    parts = {}
    for name, saved in held.saved.items():
        where = {i: k for k, i in enumerate(saved["rows"].tolist())}
        rows = [where[i] for i in saved["measured"].tolist()]
        clips = [place.clips[i] for i in saved["measured"]]
        truth, corpus = np.array([c.emotion for c in clips]), np.array([c.corpus for c in clips])
        for kind in ["clean"] + [k for k in saved if k.startswith("in-")]:
            logits = fits[name, "none"](saved["plain"][rows] if kind == "clean" else saved[kind])
            parts.setdefault(kind, []).append((truth, corpus, logits.argmax(1)))
    out = {}
    for kind, some in parts.items():
        truth, corpus, predicted = (np.concatenate(p) for p in zip(*some))
        for c in np.unique(corpus):
            hit = lambda e: float((predicted == e)[(truth == e) & (corpus == c)].mean())
            emotional = np.mean([hit(e) for e in range(4) if e != NEUTRAL])
            out.setdefault(str(c), {})[kind] = {"emotional": round(float(emotional), 4), "neutral": round(hit(NEUTRAL), 4)}
    return out


def held_by_runs(place):
    """The runs that `voices.py` has read: (all folds together, the runs without a corpus by name)."""
    is_read = lambda name: (place.folder / f"{name}.voices.npz").exists()
    names = [f"fold{k}" for k in range(corpora.FOLDS) if is_read(f"fold{k}")]
    return Held(place, names), {n: Held(place, [n]) for c in corpora.names(place.clips) if is_read(n := f"without-{c}")}


def fits_of(place):
    """The `offset.Fit` of each (run, way)."""
    return acted(*held_by_runs(place))[1]


def main():
    place = train.Workplace(train.Workplace.arguments(__doc__).parse_args())
    torch.set_num_threads(1)
    folds, unseen = held_by_runs(place)
    tables, fits = acted(folds, unseen)
    names = list(folds.saved)
    saved = folds.saved | {n: h.saved[n] for n, h in unseen.items()}
    results = {"key": place.folder.name, "orders": place.recipe.orders, "runs": names + list(unseen), **tables,
               "ordinary": speech(place, saved, fits), "conditions": conditions(place, folds, fits)}
    results["curve"] = curve(folds, unseen, fits)
    (place.work / "enrolment.json").write_text(json.dumps(results, indent=1) + "\n")
    for family in ("folds", "unseen_corpus"):
        for c, ways in results[family].items():
            print(family, c, "  ".join(f"{w} {f['uar']:.3f} ({f['calibration_error']:.3f})" for w, f in ways.items()))
    for s, ways in results["ordinary"].items():
        for w, f in ways.items():
            print("ordinary", s, w, f["pieces"])
    for c, kinds in results["conditions"].items():
        print("conditions", c, kinds)
    for family, by in results.get("curve", {}).items():
        for c, f in by.items():
            print("curve", family, c, f)


if __name__ == "__main__":
    main()
