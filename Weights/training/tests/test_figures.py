"""Temperature, intervals and the risk-coverage curve, on predictions with known results."""
import unittest
from types import SimpleNamespace

import numpy as np

import figures
import metrics


def drawn(count, sharpness, seed=0):
    """Draws labels with the probabilities of a softmax, and its logits times `sharpness`."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(count, 4)) * 2
    truth = np.array([rng.choice(4, p=p) for p in metrics.softmax(logits)])
    return truth, logits * sharpness


class Figures(unittest.TestCase):
    def test_temperature_undoes_sharpness(self):
        for sharpness in (0.6, 1.0, 1.7):
            truth, logits = drawn(8_000, sharpness)
            t = figures.temperature(truth, logits, np.zeros(8_000, int))
            self.assertAlmostEqual(t, sharpness, delta=0.06)
            error = metrics.report(truth, logits / t)["calibration_error"]
            self.assertLess(error, 0.02)

    def test_groups_count_alike(self):
        (truth, sharp), (other, flat) = drawn(8_000, 1.6), drawn(400, 0.8, seed=1)
        truth, logits = np.concatenate((truth, other)), np.concatenate((sharp, flat))
        groups = np.repeat([0, 1], [8_000, 400])
        by_clip = figures.temperature(truth, logits, np.zeros(8_400, int))
        by_group = figures.temperature(truth, logits, groups)
        self.assertLess(by_group, by_clip - 0.1)

    def test_interval_is_of_speakers(self):
        truth = np.tile(np.arange(4), 50)
        right = np.eye(4)[truth]
        wrong = np.eye(4)[(truth + 1) % 4]
        speakers = np.repeat(np.arange(10), 20)
        self.assertEqual(metrics.interval(truth, right, speakers), [1.0, 1.0])
        mixed = np.where((speakers < 5)[:, None], right, wrong)
        low, high = metrics.interval(truth, mixed, speakers)
        self.assertLess(low, 0.35)
        self.assertGreater(high, 0.65)

    def test_risk_falls_as_the_unsure_are_left_out(self):
        truth, logits = drawn(6_000, 1.0)
        predictions = SimpleNamespace(truth=truth, corpus=np.repeat(["a", "b"], 3_000))
        curve = figures.risk_coverage(predictions, np.stack([logits, logits]))
        self.assertEqual((curve[0]["threshold"], curve[0]["coverage"]), (0.0, 1.0))
        coverage, risk = ([p[k] for p in curve] for k in ("coverage", "risk"))
        self.assertEqual(coverage, sorted(coverage, reverse=True))
        self.assertLess(risk[-1], risk[0] - 0.2)


if __name__ == "__main__":
    unittest.main()
