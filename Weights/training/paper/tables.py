"""The fold table, and the published one beside it."""
import numpy as np

# Percent, as printed in the paper.
PUBLISHED = {"session": {"WA": 72.34, "UA": 71.53}, "speaker": {"WA": 74.60, "UA": 73.50}}
TITLES = {"session": "5 folds by session", "speaker": "10 folds by speaker"}


def fold_table(protocol, results):
    """`results`: {fold: report of metrics.report}. Means are over folds; pooled, over all utterances."""
    lines = [f"{TITLES[protocol]}", f"{'fold':>8} {'clips':>6} {'UAR %':>7} {'accuracy %':>11} {'epoch':>6}"]
    for name, figures in results.items():
        lines.append(f"{name:>8} {figures['clips']:>6} {100 * figures['uar']:>7.2f} {100 * figures['accuracy']:>11.2f} "
                     f"{figures['epoch']:>6}")
    (uar, uar_spread), (accuracy, accuracy_spread) = (spread(results, key) for key in ("uar", "accuracy"))
    confusion = np.sum([figures["confusion"] for figures in results.values()], 0)
    spoken = confusion.sum(1) > 0
    pooled = (confusion.diagonal()[spoken] / confusion.sum(1)[spoken]).mean(), confusion.trace() / confusion.sum()
    lines += [f"{'mean':>8} {confusion.sum():>6} {uar:>7.2f} {accuracy:>11.2f}",
              f"{'± folds':>8} {'':>6} {uar_spread:>7.2f} {accuracy_spread:>11.2f}",
              f"{'pooled':>8} {'':>6} {100 * pooled[0]:>7.2f} {100 * pooled[1]:>11.2f}"]
    return "\n".join(lines)


def spread(results, key):
    """Mean and deviation over folds, percent."""
    values = [100 * figures[key] for figures in results.values()]
    return float(np.mean(values)), float(np.std(values))


def comparison(results):
    """`results`: {protocol: {fold: report}}, beside what the paper prints, read both ways.

    By the paper's text WA is plain accuracy and UA the mean of class recalls (UAR). The authors' code computes them the
    other way round: its `wa` is the UAR and its `ua` the accuracy. Which of the two the printed numbers follow cannot
    be told from them, so both readings stand here.
    """
    lines = [f"{'':22} {'UAR %':>8} {'accuracy %':>11}"]
    for protocol, folds in results.items():
        printed = PUBLISHED[protocol]
        lines += [
            f"{TITLES[protocol]}",
            f"{'  this run':22} {spread(folds, 'uar')[0]:>8.2f} {spread(folds, 'accuracy')[0]:>11.2f}",
            f"{'  published, by code':22} {printed['WA']:>8.2f} {printed['UA']:>11.2f}   (WA is the UAR, UA the accuracy)",
            f"{'  published, by text':22} {printed['UA']:>8.2f} {printed['WA']:>11.2f}   (WA is the accuracy, UA the UAR)",
        ]
    return "\n".join(lines)
