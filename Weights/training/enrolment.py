"""Computes the figures with and without a reference from the output of voices.py: python enrolment.py --corpora DIR …

The first three neutral clips of each speaker, in the manifest's order, are the speaker's reference. They are left out
of every figure, including those without a reference. The ways to use a reference, by name:

    none            scale · logits + bias
    offset          this less the offset of the voice, see `offset.py`
    network         scale · logits + bias of the network that is given the mean residual stream of the reference
    network offset  both: the offset, applied to the logits of the network that is given the reference

The correction (`offset.fit`) is fitted on speakers unseen and corpora unseen with equal weight, since a user's voice is
like either, and on ordinary speech of sets unseen with the shares `ORDINARY`. What a figure is measured on is
left out of its fit: a fold's speakers, a corpus, or a set of ordinary speech. Without a reference, scale and bias are
those of the same fit, because a file of weights has one of each.
"""
from dataclasses import asdict

import numpy as np
import torch

import caser
import corpora
import metrics
import offset
import ordinary
import reference
import train
from recipe import UNSURE
from voices import SECONDS, wrong

ENROLLED = 3
WAYS = ("none", "offset", "network", "network offset")
ORDINARY = (0.12, 0.08)                 # weights of ordinary speech in a fit: without a reference, and with one
TRIED = (0, 1, 2, 3, 5, 10)             # numbers of reference windows in the examples of a fit
WINDOW_S = corpora.WINDOW / corpora.SAMPLE_RATE
SPOKEN = 4 / WINDOW_S                   # windows in the first 4 s of a piece
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


class Sources:
    """All that a fit can be made on: the `folds` (`Held`), the runs without a corpus by name, and their ordinary
    speech."""

    def __init__(self, place, folds, unseen):
        self.folds, self.unseen = folds, unseen
        self.saved = folds.saved | {n: h.saved[n] for n, h in unseen.items()}
        self.windows = ordinary.Windows(place.pieces)

    def fit(self, knows, speakers=(), corpus=None, ordinary_set=None):
        """The `offset.Correction` without the clips of `speakers`, of `corpus`, or the speech of `ordinary_set`. `knows`:
        for the network that is given the reference."""
        acted = [acted_examples(held, knows, among, family)
                 for family, held in [("folds", self.folds)] + [("corpus", h) for h in self.unseen.values()]
                 if (among := ~np.isin(held.speaker, speakers) & (held.corpus != corpus)).any()]
        groups = [(1 - sum(ORDINARY), acted, "family corpus truth known")]
        groups += [(share, self.ordinary_examples(knows, count, ordinary_set), "corpus")
                   for share, count in zip(ORDINARY, (0.0, SPOKEN))]
        parts, weights = [], []
        for share, examples, by in groups:
            part = {k: np.concatenate([e[k] for e in examples]) for k in examples[0]}
            parts.append(part)
            weights.append(share * offset.equal_weights(*(part[k] for k in by.split())))
        both = {k: np.concatenate([p[k] for p in parts]) for k in ("logits", "mean", "count", "truth")}
        return offset.fit(*both.values(), np.concatenate(weights))

    def ordinary_examples(self, knows, count, without=None):
        """Ordinary windows after the first 4 s of their pieces, as neutral, of each run. `count`: windows in the
        reference, which is these 4 s; 0 for none."""
        out = []
        for name in self.saved:
            logits, mean, rest, sets = self.ordinary(name, knows)
            rows = rest & (sets != without)
            n = int(rows.sum())
            out.append({"logits": logits[rows], "mean": mean[rows], "count": np.full(n, count), "truth": np.full(n, NEUTRAL),
                        "corpus": sets[rows]})
        return out

    def ordinary(self, name, knows):
        """The logits [N, 4] of the ordinary windows that a run did not hear, the mean logits of the first 4 s of their
        pieces, whether they are after these, and their sets."""
        saved, windows = self.saved[name], self.windows
        heard = saved["ordinary_rows"]
        logits = saved["ordinary4" if knows else "ordinary"]
        first, rest = (part[heard] for part in ordinary.parts(windows.start))
        mean = np.zeros_like(logits)
        for piece in np.unique(windows.piece[heard]):
            mine = windows.piece[heard] == piece
            mean[mine] = logits[mine & first].mean(0)
        return logits, mean, rest, windows.set[heard]


def acted_examples(held, knows, among, family):
    """Every clip of `among` (boolean) once for each number in `TRIED`, with that number of other neutral clips of its
    speaker, drawn at random, as the reference."""
    logits = held.said[f"first{ENROLLED}" if knows else "plain"]
    rows, rng, means, counts = np.flatnonzero(among), np.random.default_rng(3), [], []
    neutral = {s: np.flatnonzero((held.speaker == s) & (held.truth == NEUTRAL)) for s in np.unique(held.speaker[rows])}
    for most in TRIED:
        for i in rows:
            others = neutral[held.speaker[i]]
            others = rng.permutation(others[others != i])[:most] if most else ()
            counts.append(len(others))
            means.append(logits[others].mean(0) if len(others) else np.zeros(logits.shape[1]))
    each = np.tile(rows, len(TRIED))
    return {"logits": logits[each], "mean": np.array(means), "count": np.array(counts, float), "truth": held.truth[each],
            "known": np.array(counts) > 0, "family": np.full(len(each), family), "corpus": held.corpus[each]}


def applied(correction, held, way, rows, count=ENROLLED):
    """Logits of the clips `rows` (boolean), with each speaker's first `count` neutral clips as the reference; 0 for
    none."""
    key = f"first{count}" if way.startswith("network") and count else "plain"
    logits = held.said[key]
    if not way.endswith("offset") or not count:
        return correction(logits[rows])
    first = held.first(count)
    number = np.array([len(first[r, s]) for r, s in zip(held.run, held.speaker)])
    return correction(logits[rows], held.reference_mean(logits, count)[rows], number[rows])


def report(truth, logits, speakers):
    out = metrics.report(truth, logits)
    return {k: out[k] for k in ("clips", "uar", "recall", "calibration_error")} | {"uar_interval": metrics.interval(truth, logits, speakers)}


def ways(held):
    return [way for way in WAYS if not way.startswith("network") or f"first{ENROLLED}" in held.said]


def corrections_of(sources):
    """The `offset.Correction` of each (run, whether the network is given the reference), without what the run held
    out; of "shipped", on everything."""
    folds, out = sources.folds, {}
    for knows in sorted({way.startswith("network") for way in ways(folds)}):
        out["shipped", knows] = sources.fit(knows)
        for name in np.unique(folds.run):
            out[name, knows] = sources.fit(knows, speakers=np.unique(folds.speaker[folds.run == name]))
        for name, held in sources.unseen.items():
            out[name, knows] = sources.fit(knows, corpus=held.corpus[0])
    return out


def acted(sources, corrections):
    """The figures by family, corpus and way."""
    folds, out = sources.folds, {"folds": {}, "unseen_corpus": {}}
    for way in ways(folds):
        knows = way.startswith("network")
        final = np.zeros(folds.said["plain"].shape)
        for name in np.unique(folds.run):
            mine = folds.run == name
            final[mine] = applied(corrections[name, knows], folds, way, mine)
        for c in np.unique(folds.corpus):
            rows = (folds.corpus == c) & folds.rest
            out["folds"].setdefault(str(c), {})[way] = report(folds.truth[rows], final[rows], folds.speaker[rows])
        for name, held in sources.unseen.items():
            final_unseen = applied(corrections[name, knows], held, way, held.rest)
            out["unseen_corpus"].setdefault(str(held.corpus[0]), {})[way] = report(
                held.truth[held.rest], final_unseen, held.speaker[held.rest])
    return out


def curve(sources, corrections, way="offset"):
    """UAR of the same clips by family, corpus and reference: 0 to `ENROLLED` neutral clips, or a wrong reference, which
    is three angry clips of the speaker or three neutral clips of another speaker."""
    folds, out = sources.folds, {}
    for family, sets in (("folds", {n: folds for n in np.unique(folds.run)}), ("unseen_corpus", sources.unseen)):
        for label in (0, 1, 2, ENROLLED, "angry", "other"):
            parts = []
            for name, held in sets.items():
                rows = (held.run == name) & held.rest
                if isinstance(label, int):
                    logits = applied(corrections[name, False], held, way, rows, label)
                else:
                    means = wrong_means(held, label)
                    logits = corrections[name, False](held.said["plain"][rows], means[rows], ENROLLED)
                parts.append((held.truth[rows], logits, held.corpus[rows]))
            truth, logits, corpus = (np.concatenate(p) for p in zip(*parts)) if parts else ((), (), ())
            for c in np.unique(corpus):
                mine = corpus == c
                out.setdefault(family, {}).setdefault(str(c), {})[str(label)] = metrics.report(truth[mine], logits[mine])["uar"]
    return out


def curve_by_seconds(sources, corrections):
    """UAR by family, corpus and seconds of speech in the reference ("0": none); the clips of the longest reference are
    left out throughout."""
    folds, out = sources.folds, {}
    for family, sets in (("folds", {n: folds for n in np.unique(folds.run)}), ("unseen_corpus", sources.unseen)):
        for seconds in (0, *SECONDS):
            parts = []
            for name, held in sets.items():
                saved = {k.removeprefix("seconds:"): v for k, v in held.saved[name].items() if k.startswith("seconds:")}
                rows = (held.run == name) & ~np.isin(held.rows, saved["used"])
                position = {s: k for k, s in enumerate(saved["speakers"].tolist())}
                logits = corrections[name, False](held.said["plain"][rows])
                if seconds:
                    means = saved[str(seconds)][[position[s] for s in held.speaker[rows].tolist()]]
                    logits = corrections[name, False](held.said["plain"][rows], means, seconds / WINDOW_S)
                parts.append((held.truth[rows], logits, held.corpus[rows]))
            truth, logits, corpus = (np.concatenate(p) for p in zip(*parts)) if parts else ((), (), ())
            for c in np.unique(corpus):
                mine = corpus == c
                if not np.isnan(logits[mine]).any():
                    out.setdefault(family, {}).setdefault(str(c), {})[str(seconds)] = metrics.report(truth[mine], logits[mine])["uar"]
    return out


def phones(sources, corrections):
    """The weakly labelled lay speakers on phones, whom no network heard, as the mean over the folds' networks: UAR and
    recall of the three classes that there are, without a reference and with each speaker's first three calm clips, which
    are left out of both. {} if they were not read."""
    out = {}
    for name in np.unique(sources.folds.run):
        saved = sources.saved[name]
        if "phones" not in saved:
            return {}
        logits, truth, speakers = (saved[k] for k in ("phones", "phones_truth", "phones_speakers"))
        first = {s: np.flatnonzero((speakers == s) & (truth == NEUTRAL))[:ENROLLED] for s in np.unique(speakers)}
        rest = ~np.isin(np.arange(len(truth)), np.concatenate(list(first.values())))
        rest &= np.array([len(first[s]) > 0 for s in speakers])
        means = np.array([logits[first[s]].mean(0) if len(first[s]) else np.zeros(4) for s in speakers])
        count = np.array([len(first[s]) for s in speakers])
        for way, said in (("none", corrections[name, False](logits[rest])),
                          ("offset", corrections[name, False](logits[rest], means[rest], count[rest]))):
            hits = {caser.LABELS[e]: float((said.argmax(1) == e)[truth[rest] == e].mean()) for e in np.unique(truth)}
            out.setdefault(way, []).append({**hits, "clips": int(rest.sum())})
    mean = lambda some, key: round(float(np.mean([f[key] for f in some])), 4)
    return {way: {"clips": some[0]["clips"], "uar": round(float(np.mean([mean(some, k) for k in some[0] if k != "clips"])), 4),
                  "recall": {k: mean(some, k) for k in some[0] if k != "clips"}} for way, some in out.items()}


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


def speech(sources):
    """Shares of labels of ordinary speech in sets that a run was not trained on, by set and way: of the windows after
    the first 4 s of a piece, which are the reference, and of the pieces by the mean logits of these windows."""
    out, fits = {}, {}
    for way in ways(sources.folds):
        knows = way.startswith("network")
        said = {}
        for name, saved in sources.saved.items():
            logits, mean, rest, sets = sources.ordinary(name, knows)
            for s in np.unique(sets).tolist():
                fit = fits[s, knows] = fits.get((s, knows)) or sources.fit(knows, ordinary_set=s)
                final = fit(logits, mean, SPOKEN) if way.endswith("offset") else fit(logits)
                rows, piece = (sets == s) & rest, sources.windows.piece[saved["ordinary_rows"]]
                pieces = [final[rows & (piece == p)].mean(0) for p in np.unique(piece[rows])]
                said.setdefault(s, []).append((shares(final[rows]), shares(np.array(pieces))))
        for s, pairs in said.items():
            out.setdefault(s, {})[way] = {kind: {k: round(float(np.mean([p[i][k] for p in pairs])), 4) for k in pairs[0][i]}
                                          for i, kind in enumerate(("windows", "pieces"))}
    return out


def conditions(place, held, corrections):
    """Recall of emotional and of neutral clips without a reference, by corpus, clean and in the conditions of
    `cache.py`."""
    parts = {}
    for name, saved in held.saved.items():
        where = {i: k for k, i in enumerate(saved["rows"].tolist())}
        rows = [where[i] for i in saved["measured"].tolist()]
        clips = [place.clips[i] for i in saved["measured"]]
        truth, corpus = np.array([c.emotion for c in clips]), np.array([c.corpus for c in clips])
        for kind in ["clean"] + [k for k in saved if k.startswith("in-")]:
            logits = corrections[name, False](saved["plain"][rows] if kind == "clean" else saved[kind])
            parts.setdefault(kind, []).append((truth, corpus, logits.argmax(1)))
    out = {}
    for kind, some in parts.items():
        truth, corpus, predicted = (np.concatenate(p) for p in zip(*some))
        for c in np.unique(corpus):
            hit = lambda e: float((predicted == e)[(truth == e) & (corpus == c)].mean())
            emotional = np.mean([hit(e) for e in range(4) if e != NEUTRAL])
            out.setdefault(str(c), {})[kind] = {"emotional": round(float(emotional), 4), "neutral": round(hit(NEUTRAL), 4)}
    return out


def sources_of(place):
    """The runs that `voices.py` has read."""
    is_read = lambda name: (place.folder / f"{name}.voices.npz").exists()
    names = [f"fold{k}" for k in range(corpora.FOLDS) if is_read(f"fold{k}")]
    unseen = {n: Held(place, [n]) for c in corpora.names(place.clips) if is_read(n := f"without-{c}")}
    return Sources(place, Held(place, names), unseen)


def main():
    place = train.Workplace(train.Workplace.arguments(__doc__).parse_args())
    if not place.pieces:
        raise SystemExit("enrolment.py fits on ordinary speech as well; give its folder with --ordinary")
    torch.set_num_threads(1)
    sources = sources_of(place)
    corrections = corrections_of(sources)
    tables = {**acted(sources, corrections), "ordinary": speech(sources), "curve": curve(sources, corrections),
              "seconds": curve_by_seconds(sources, corrections), "phones": phones(sources, corrections),
              "conditions": conditions(place, sources.folds, corrections),
              "corrections": {name: asdict(c) for (name, knows), c in corrections.items() if not knows}}
    place.add_results({"enrolment": tables})
    for family in ("folds", "unseen_corpus"):
        for c, by in tables[family].items():
            print(family, c, "  ".join(f"{w} {f['uar']:.3f} ({f['calibration_error']:.3f})" for w, f in by.items()))
    for s, by in tables["ordinary"].items():
        for w, f in by.items():
            print("ordinary", s, w, f["pieces"])
    for c, kinds in tables["conditions"].items():
        print("conditions", c, kinds)
    for family, by in tables["curve"].items():
        for c, f in by.items():
            print("curve", family, c, f)
    for family, by in tables["seconds"].items():
        for c, f in by.items():
            print("seconds", family, c, f)
    print("phones", tables["phones"])
    print("shipped", corrections["shipped", False])


if __name__ == "__main__":
    main()
