"""Makes results.json of what the runs left: python figures.py --corpora DIR --encoder FILE

Every figure is of clips whose speakers the network that reads them never heard. Probabilities are softmax(logits / T). For
the clips of a fold T is fitted on the other folds, for all else on all folds, so that no clip has a say in its own.
"""
import json
from dataclasses import asdict

import numpy as np

import caser
import corpora
import metrics
import train

TEMPERATURES = np.arange(0.40, 2.005, 0.01)
DRAWS = 1000                   # of the bootstrap over speakers
COVERAGE = 0.90                # of windows still named at the default threshold
WINDOWS = ("middle_window", "stream_window")


def loss(truth, logits):
    """Mean negative log-likelihood."""
    return float(-np.log(metrics.softmax(logits)[np.arange(len(truth)), truth] + 1e-12).mean())


def temperature(truth, logits, groups):
    """The T of the least negative log-likelihood, the `groups` of clips counted alike."""
    cost = lambda t: np.mean([loss(truth[groups == g], logits[groups == g] / t) for g in np.unique(groups)])
    return round(float(min(TEMPERATURES, key=cost)), 2)


def interval(truth, logits, speakers):
    """95 % of the UARs of speakers drawn with replacement."""
    rng, names = np.random.default_rng(1), np.unique(speakers)
    rows = {name: np.flatnonzero(speakers == name) for name in names}
    uars = []
    for _ in range(DRAWS):
        drawn = np.concatenate([rows[name] for name in rng.choice(names, len(names))])
        uars.append(metrics.report(truth[drawn], logits[drawn])["uar"])
    return [round(float(v), 4) for v in np.percentile(uars, (2.5, 97.5))]


class Predictions:
    """What the runs `names`, all done, say of the clips that each held out; a fold is a run."""

    def __init__(self, place, names):
        saved = [np.load(place.folder / f"{n}.npz") for n in names]
        self.fold = np.concatenate([np.full(len(s["held"]), k) for k, s in enumerate(saved)])
        self.logits = np.concatenate([s["logits"] for s in saved], 1)
        self.orders = np.concatenate([s["orders"] for s in saved], 1)
        clips = [place.clips[i] for s in saved for i in s["held"]]
        self.truth = np.array([c.emotion for c in clips])
        self.corpus = np.array([c.corpus for c in clips])
        self.speaker = np.array([c.speaker for c in clips])

    def temperature(self, rows=slice(None)):
        return temperature(self.truth[rows], self.logits[0][rows], self.corpus[rows])

    def uar(self, logits):
        """By corpus, the UAR of `logits` [N, 4]."""
        return {str(c): metrics.report(self.truth[mine], logits[mine])["uar"]
                for c in np.unique(self.corpus) for mine in [self.corpus == c]}

    def uar_by_order(self):
        """By corpus, UAR of the middle window of each order's network by itself."""
        orders = [self.uar(logits) for logits in self.orders]
        return {c: [uar[c] for uar in orders] for c in orders[0]}

    def calibrated(self):
        """Logits of both windows over the T of the other folds."""
        out = self.logits.copy()
        for k in np.unique(self.fold):
            out[:, self.fold == k] /= self.temperature(self.fold != k)
        return out

    def summary(self, logits):
        """By window and corpus, the figures of `logits` [2, N, 4]."""
        out = {}
        for w, window in enumerate(WINDOWS):
            for corpus in np.unique(self.corpus):
                mine = self.corpus == corpus
                report = metrics.report(self.truth[mine], logits[w][mine])
                report["uar_interval"] = interval(self.truth[mine], logits[w][mine], self.speaker[mine])
                report["uncalibrated_error"] = metrics.report(self.truth[mine], self.logits[w][mine])["calibration_error"]
                report["by_fold"] = {
                    str(k): {"speakers": sorted(set(self.speaker[rows].tolist())),
                             **metrics.report(self.truth[rows], logits[w][rows])}
                    for k in np.unique(self.fold) if (rows := mine & (self.fold == k)).any()
                }
                out.setdefault(window, {})[str(corpus)] = report
        return out


def risk_coverage(predictions, logits):
    """Of the stream windows, by threshold: share still named, share of those named wrongly; corpora counted alike."""
    logits = logits[WINDOWS.index("stream_window")]
    sure = metrics.softmax(logits).max(1)
    wrong = logits.argmax(1) != predictions.truth
    curve = []
    for threshold in np.arange(0, 0.96, 0.05):
        named = sure >= threshold
        groups = [predictions.corpus == c for c in np.unique(predictions.corpus)]
        curve.append({
            "threshold": round(float(threshold), 2),
            "coverage": round(float(np.mean([named[g].mean() for g in groups])), 4),
            "risk": round(float(np.mean([wrong[g & named].mean() for g in groups if (g & named).any()])), 4),
        })
    return curve


def calibration(predictions, logits):
    """By corpus, ten bins of the middle window's winning probability: [windows, mean probability, share right]."""
    logits = logits[WINDOWS.index("middle_window")]
    sure, right = metrics.softmax(logits).max(1), logits.argmax(1) == predictions.truth
    bins, out = np.minimum((sure * 10).astype(int), 9), {}
    for corpus in np.unique(predictions.corpus):
        mine = predictions.corpus == corpus
        out[str(corpus)] = [
            [int(b.sum()), round(float(sure[b].mean()), 4), round(float(right[b].mean()), 4)]
            for k in range(10) if (b := mine & (bins == k)).any()
        ]
    return out


def held_out(place, name, t):
    """What one run says of the clips that it held out, by corpus, its logits divided by `t`."""
    predictions = Predictions(place, [name])
    figures, orders = predictions.summary(predictions.logits / t), predictions.uar_by_order()
    return {c: {w: f[c] for w, f in figures.items()} | {"uar_by_order": orders[c]} for c in orders}


def ablation(place):
    """UAR of the middle window on the ablation's folds, by part left out and corpus: of the first order, for the whole
    network as for those that have no other."""
    by_part = {}
    for run in place.runs("folds", "ablation"):
        if int(run.name.rpartition("fold")[2]) in train.ABLATION_FOLDS:
            by_part.setdefault(run.recipe.parts, []).append(run.name)
    out = {}
    for part, names in by_part.items():
        if all(map(place.is_done, names)):
            predictions = Predictions(place, names)
            out[part] = predictions.uar(predictions.orders[0])
    return out


def main():
    place = train.Workplace(train.Workplace.arguments(__doc__).parse_args())
    old = json.loads(place.results.read_text()) if place.results.exists() else {}
    results = {"key": place.folder.name, "seed": place.seed, "labels": caser.LABELS, "recipe": asdict(place.recipe)}
    if old.get("key") == results["key"]:            # what other steps measured of the same runs stays
        results |= {k: old[k] for k in ("files", "robustness") if k in old}

    # EMO-DB's own folds would make the open network surer than it may be of any other voice: its logits stay as they are.
    for family, name, calibrates in (("folds", "fold", True), ("open", "open-fold", False)):
        names = [f"{name}{k}" for k in range(corpora.FOLDS)]
        if not all(map(place.is_done, names)):
            print(f"{family}: not all of its folds have run; left out")
            continue
        predictions = Predictions(place, names)
        logits = predictions.calibrated() if calibrates else predictions.logits
        curve = risk_coverage(predictions, logits)
        results[family] = {
            "temperature": predictions.temperature() if calibrates else 1.0,
            "unsure": max(p["threshold"] for p in curve if p["coverage"] >= COVERAGE),
            "risk_coverage": curve,
            "calibration": calibration(predictions, logits),
            "uar_by_order": predictions.uar_by_order(),
            **predictions.summary(logits),
        }
    if "folds" in results:
        t = results["folds"]["temperature"]
        results["unseen_corpus"] = {c: held_out(place, f"without-{c}", t)[c] for c in corpora.names(place.clips)
                                    if place.is_done(f"without-{c}")}
        results["ablation"] = ablation(place)
    if "open" in results and place.is_done("open"):
        unseen = held_out(place, "open", results["open"]["temperature"])
        results["open"]["unseen_corpus"] = {c: f for c, f in unseen.items() if c != train.OPEN}
    place.results.write_text(json.dumps(results, indent=1) + "\n")
    for corpus, f in results.get("folds", {}).get("middle_window", {}).items():
        print(f"{corpus}: UAR {f['uar']} {f['uar_interval']}, calibration error {f['calibration_error']}")
    for corpus, f in results.get("unseen_corpus", {}).items():
        print(f"{corpus} never heard: UAR {f['middle_window']['uar']}")


if __name__ == "__main__":
    main()
