"""The metrics of a set of predictions."""
import numpy as np

from caser import LABELS

DRAWS = 1000                   # of the bootstrap over speakers


def softmax(logits):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def report(truth, logits):
    """truth [N] indices, logits [N, 4] -> UAR (mean of class recalls), accuracy, recalls, confusion, calibration.

    Rows of the confusion matrix are the truth, columns the prediction, both in the order of LABELS. The
    expected calibration error has ten equal bins of the winning probability. A class without a clip is left
    out of the UAR.
    """
    truth, logits = np.asarray(truth), np.asarray(logits)
    predicted, sure = logits.argmax(1), softmax(logits).max(1)
    confusion = np.zeros((len(LABELS), len(LABELS)), int)
    np.add.at(confusion, (truth, predicted), 1)
    present = confusion.sum(1) > 0
    recalls = confusion.diagonal()[present] / confusion.sum(1)[present]
    bins = np.minimum((sure * 10).astype(int), 9)
    error = sum(
        abs((predicted == truth)[bins == b].mean() - sure[bins == b].mean()) * (bins == b).mean() for b in set(bins)
    )
    return {
        "clips": len(truth),
        "uar": round(float(recalls.mean()), 4),
        "accuracy": round(float((predicted == truth).mean()), 4),
        "recall": {LABELS[i]: round(float(r), 4) for i, r in zip(np.flatnonzero(present), recalls)},
        "confusion": confusion.tolist(),
        "calibration_error": round(float(error), 4),
    }


def interval(truth, logits, speakers):
    """The 95 % interval of the UAR, by a bootstrap over speakers."""
    rng, names = np.random.default_rng(1), np.unique(speakers)
    rows = {name: np.flatnonzero(speakers == name) for name in names}
    uars = []
    for _ in range(DRAWS):
        drawn = np.concatenate([rows[name] for name in rng.choice(names, len(names))])
        uars.append(report(truth[drawn], logits[drawn])["uar"])
    return [round(float(v), 4) for v in np.percentile(uars, (2.5, 97.5))]
