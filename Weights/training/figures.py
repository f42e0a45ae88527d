"""Computes results.json from the results of the runs: python figures.py --corpora DIR --encoder FILE

Every figure is measured on clips of speakers on whom the network was not trained, without a reference. Logits are
corrected: as `enrolment.py` fitted it, if it has run on all folds, otherwise divided by a temperature that is fitted on the
folds. For the clips of a fold or a corpus, the correction is fitted without them.
"""
from dataclasses import asdict

import numpy as np

import caser
import corpora
import metrics
import offset
import train

TEMPERATURES = np.arange(0.40, 2.005, 0.01)
WINDOWS = ("middle_window", "stream_window")


def loss(truth, logits):
    """Mean negative log-likelihood."""
    return float(-np.log(metrics.softmax(logits)[np.arange(len(truth)), truth] + 1e-12).mean())


def temperature(truth, logits, groups):
    """The temperature with the least negative log-likelihood, where all `groups` of clips have equal weight."""
    cost = lambda t: np.mean([loss(truth[groups == g], logits[groups == g] / t) for g in np.unique(groups)])
    return round(float(min(TEMPERATURES, key=cost)), 2)


class Predictions:
    """The predictions of the finished runs `names` for their held-out clips; each run is a fold."""

    def __init__(self, place, names):
        self.names = names
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

    def corrections(self):
        """The `offset.Correction` of each fold by the temperature of the others."""
        return [offset.Correction(1 / self.temperature(self.fold != k)) for k in range(len(self.names))]

    def uar(self, logits):
        """The UAR of `logits` [N, 4], by corpus."""
        return {str(c): metrics.report(self.truth[mine], logits[mine])["uar"]
                for c in np.unique(self.corpus) for mine in [self.corpus == c]}

    def uar_by_order(self):
        """The UARs of the middle window by the network of each single order, by corpus."""
        orders = [self.uar(logits) for logits in self.orders]
        return {c: [uar[c] for uar in orders] for c in orders[0]}

    def corrected(self, corrections):
        """The logits of both windows by the correction of each run."""
        out = self.logits.copy()
        for k, correction in enumerate(corrections):
            out[:, self.fold == k] = correction(out[:, self.fold == k])
        return out

    def summary(self, logits):
        """The figures of `logits` [2, N, 4], by window and corpus."""
        out = {}
        for w, window in enumerate(WINDOWS):
            for corpus in np.unique(self.corpus):
                mine = self.corpus == corpus
                report = metrics.report(self.truth[mine], logits[w][mine])
                report["uar_interval"] = metrics.interval(self.truth[mine], logits[w][mine], self.speaker[mine])
                report["uncalibrated_error"] = metrics.report(self.truth[mine], self.logits[w][mine])["calibration_error"]
                report["by_fold"] = {
                    str(k): {"speakers": sorted(set(self.speaker[rows].tolist())),
                             **metrics.report(self.truth[rows], logits[w][rows])}
                    for k in np.unique(self.fold) if (rows := mine & (self.fold == k)).any()
                }
                out.setdefault(window, {})[str(corpus)] = report
        return out


def risk_coverage(predictions, logits):
    """For each threshold, the share of stream windows that are named, and the share of these that are wrong; all
    corpora have equal weight."""
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
    """Up to ten bins of the middle window's greatest probability, by corpus: [windows, mean probability, share
    right]."""
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


def held_out(place, name, correction):
    """The figures of one run's held-out clips, by corpus, with its logits corrected."""
    predictions = Predictions(place, [name])
    figures, orders = predictions.summary(predictions.corrected([correction])), predictions.uar_by_order()
    return {c: {w: f[c] for w, f in figures.items()} | {"uar_by_order": orders[c]} for c in orders}


def ablation(place):
    """UAR of the middle window on the ablation's folds, by variant and corpus, of the first order of the data, which is
    the only one that the variants have."""
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


def family_figures(predictions, corrections, correction):
    """The figures of a family of folds with their corrections; `correction`: that of the family's shipped file."""
    logits = predictions.corrected(corrections)
    return {
        "correction": asdict(correction),
        "risk_coverage": risk_coverage(predictions, logits),
        "calibration": calibration(predictions, logits),
        "uar_by_order": predictions.uar_by_order(),
        **predictions.summary(logits),
    }


def main():
    place = train.Workplace(train.Workplace.arguments(__doc__).parse_args())
    results = {"seed": place.seed, "labels": caser.LABELS, "recipe": asdict(place.recipe)}
    given = {n: offset.Correction.of(c) for n, c in place.kept_results().get("enrolment", {}).get("corrections", {}).items()}
    folds, open_folds = ([f"{name}{k}" for k in range(corpora.FOLDS)] for name in ("fold", "open-fold"))
    if all(map(place.is_done, folds)):
        predictions = Predictions(place, folds)
        own = [given[n] for n in folds] if all(n in given for n in folds) else predictions.corrections()
        shipped = given.get("shipped") or offset.Correction(1 / predictions.temperature())
        results["folds"] = family_figures(predictions, own, shipped)
        results["unseen_corpus"] = {c: held_out(place, n, given.get(n, shipped))[c] for c in corpora.names(place.clips)
                                    if place.is_done(n := f"without-{c}")}
        results["ablation"] = ablation(place)
    else:
        print("folds: not all have run; left out")
    if all(map(place.is_done, open_folds)) and place.is_done("open"):
        # A temperature fitted on EMO-DB's folds would make the open network overconfident on other voices.
        none = offset.Correction(1.0)
        results["open"] = family_figures(Predictions(place, open_folds), [none] * len(open_folds), none)
        unseen = held_out(place, "open", none)
        results["open"]["unseen_corpus"] = {c: f for c, f in unseen.items() if c != train.OPEN}
    else:
        print("open: not all have run; left out")
    place.add_results({k: v for k, v in results.items() if v})
    for corpus, f in results.get("folds", {}).get("middle_window", {}).items():
        print(f"{corpus}: UAR {f['uar']} {f['uar_interval']}, calibration error {f['calibration_error']}")
    for corpus, f in results.get("unseen_corpus", {}).items():
        print(f"{corpus} never heard: UAR {f['middle_window']['uar']}")


if __name__ == "__main__":
    main()
