"""The last layer, fitted again: ordinary speech moves towards neutral, nothing else of the network changes, and no held-out
speech is used."""
import unittest
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import torch

import network
import quick
import refit
from recipe import COEFFICIENTS, FRAMES, STEPS, VOICE, WIDTH
from reference import NEUTRAL, Spoken
from safetensors.torch import load_file

torch.set_num_threads(1)
CLIPS = [SimpleNamespace(corpus="nemo", emotion=k % 4) for k in range(16)]


def arrays(count, seed):
    rng = np.random.default_rng(seed)
    return tuple(rng.standard_normal((count, *shape)).astype(np.float16) for shape in ((FRAMES, WIDTH), (STEPS, COEFFICIENTS)))


class Refit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        block = network.given_block(load_file(quick.SHIPPED))
        cls.recipe = replace(VOICE, d=32, hidden=16, inner=16, feed_forward=32, refit_decay=0.01)
        torch.manual_seed(1)
        cls.model = network.Network(cls.recipe, {n: t.transpose(0, 1) if t.dim() == 3 else t for n, t in block.items()})
        cls.weights = {n: t.clone() for n, t in cls.model.state_dict().items()}
        stream, frames = arrays(16, 1)
        cls.speech = arrays(8, 2)
        windows = SimpleNamespace(piece=np.arange(8), start=np.zeros(8), set=np.array(["a"] * 4 + ["b"] * 4),
                                  speaker=np.array(list("ppqqrrss")))
        cls.spoken = lambda without: Spoken(windows, without, [(*cls.speech, None, range(8))] * 2, 0.5)
        cls.of = lambda without: SimpleNamespace(streams=[stream] * 5, mfccs=[frames] * 5, channelled=list(range(8)),
                                                 spoken=Refit.spoken(without))

    def refitted(self, share, without=()):
        run = SimpleNamespace(recipe=replace(self.recipe, refit=share), train=tuple(range(16)))
        return refit.refitted(self.model, self.weights, run, CLIPS, Refit.of(without))

    def neutral(self, weights):
        """The mean probability of neutral of the ordinary windows."""
        self.model.load_state_dict(weights)
        heard = refit.representations(self.model, *self.speech, range(8)).float()
        return torch.softmax(self.model.head.cls_head(heard), 1)[:, NEUTRAL].mean().item()

    def test_ordinary_speech_moves_towards_neutral_and_the_rest_of_the_network_stays(self):
        before, weights = self.neutral(self.weights), self.refitted(0.5)
        self.assertGreater(self.neutral(weights), before + 0.1)
        changed = [n for n in weights if not torch.equal(weights[n], self.weights[n])]
        self.assertEqual(sorted(changed), ["head.cls_head.bias", "head.cls_head.weight"])

    def test_without_a_share_nothing_changes(self):
        self.assertIs(self.refitted(0.0), self.weights)

    def test_a_set_that_is_held_out_is_not_used(self):
        whole = self.refitted(0.5, without=("b",))["head.cls_head.bias"]
        old, self.speech[0][4:] = self.speech[0][4:].copy(), 7
        try:
            torch.testing.assert_close(self.refitted(0.5, without=("b",))["head.cls_head.bias"], whole, rtol=0, atol=0)
        finally:
            self.speech[0][4:] = old

    def test_the_weights_of_the_examples_are_a_distribution_over_equal_sets(self):
        self.model.load_state_dict(self.weights)
        _, targets, weights = refit.ordinary(self.model, SimpleNamespace(recipe=self.recipe), Refit.spoken(()))
        self.assertAlmostEqual(weights.sum(), 1)
        self.assertAlmostEqual(weights[np.arange(16) % 8 < 4].sum(), 0.5)
        torch.testing.assert_close(targets.sum(1), torch.ones(16, dtype=torch.float64))


if __name__ == "__main__":
    unittest.main()
