"""The table of folds, and the comparison with the published figures."""
import numpy as np

# Percent, as printed in the paper.
PUBLISHED = {"session": {"WA": 72.34, "UA": 71.53}, "speaker": {"WA": 74.60, "UA": 73.50}}
TITLES = {"session": "5 folds by session", "speaker": "10 folds by speaker"}


def fold_table(protocol, results):
    """The table of `results`, {fold: report of metrics.report}. `mean` is over folds, `pooled` over all utterances."""
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
    """Mean and standard deviation over folds, in percent."""
    values = [100 * figures[key] for figures in results.values()]
    return float(np.mean(values)), float(np.std(values))


def comparison(results):
    """The table of `results`, {protocol: {fold: report}}, beside the paper's figures in both readings.

    By the paper's text, WA is the accuracy and UA the mean of class recalls (UAR). The authors' code computes them the
    other way round: its `wa` is the UAR and its `ua` the accuracy. The printed numbers do not show which definition
    they follow, so the table has both readings.
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
