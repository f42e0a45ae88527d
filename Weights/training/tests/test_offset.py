"""The offset of a voice: none without a reference, larger with more windows, and recovered from synthetic voices."""
import json
import unittest
from dataclasses import asdict

import numpy as np
import torch

import metrics
import offset

torch.set_num_threads(1)
USUAL = np.array([-1.0, -1.0, 2.0, 0.0])


def voices(count, seed, windows=3):
    """Clips of `count` voices, 40 each: logits with a class's mean, a voice's offset and noise; references of `windows`
    windows."""
    rng = np.random.default_rng(seed)
    truth = np.tile(np.arange(4), 10 * count)
    mine = rng.normal(0, 1.5, (count, 4))
    noise = lambda n: rng.normal(0, 0.7, (n, 4))
    means = USUAL + 2.5 * np.eye(4) - 2.5 * np.eye(4)[2]
    voice = np.repeat(np.arange(count), 40)
    logits = means[truth] + mine[voice] + noise(len(truth))
    known = (USUAL + mine + rng.normal(0, 0.7 / np.sqrt(max(1, windows)), (count, 4)))[voice]
    return logits, known, np.full(len(truth), windows), truth


class Fit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        parts = voices(40, 1), voices(40, 2, windows=1), voices(40, 4, windows=0)
        logits, known, count, truth = (np.concatenate(x) for x in zip(*parts))
        cls.fit = offset.fit(logits, known, count, truth, offset.equal_weights(truth))

    def test_no_reference_leaves_scale_and_bias(self):
        logits = np.random.default_rng(1).normal(size=(5, 4))
        plain = self.fit.scale * logits + np.array(self.fit.bias)
        np.testing.assert_allclose(self.fit(logits), plain)
        np.testing.assert_allclose(self.fit(logits, np.ones((5, 4)), np.zeros(5)), plain)

    def test_finds_which_logit_a_usual_voice_has_most_of_and_the_doubt(self):
        self.assertEqual(np.argmax(self.fit.usual), USUAL.argmax())
        self.assertLess(abs(self.fit.doubt - (0.7 / 1.5) ** 2), 0.15)

    def test_reads_voices_never_heard_better(self):
        logits, known, count, truth = voices(20, 3)
        uar = lambda x: metrics.report(truth, x)["uar"]
        self.assertGreater(uar(self.fit(logits, known, count)), uar(self.fit(logits)) + 0.1)

    def test_a_bias_undoes_a_preference_for_a_class(self):
        logits, known, count, truth = voices(40, 5, windows=0)
        fit = offset.fit(logits + [0, 3, 0, 0], known, count, truth, offset.equal_weights(truth))
        self.assertLess(fit.bias[1], np.mean(fit.bias) - 0.5)

    def test_a_correction_survives_json(self):
        said = json.loads(json.dumps(asdict(self.fit)))
        self.assertEqual(offset.Correction.of(said), self.fit)


class EqualWeights(unittest.TestCase):
    def test_parts_have_equal_weight_at_each_level(self):
        outer, inner = np.array(list("aaaab")), np.array(list("xxxyx"))
        weight = offset.equal_weights(outer, inner)
        np.testing.assert_allclose(weight, [1 / 12, 1 / 12, 1 / 12, 1 / 4, 1 / 2])


if __name__ == "__main__":
    unittest.main()
