"""References: a missing one has no effect, none is of the window itself or of another voice, and a batch's targets are
valid."""
import unittest
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import torch

import features
import network
from recipe import COEFFICIENTS, FRAMES, STEPS, VOICE, WIDTH
from reference import NEUTRAL, References, Spoken
from sampler import Sampler

torch.set_num_threads(1)
CLIPS = [SimpleNamespace(corpus="nemo", speaker=f"s{k % 2}", emotion=k // 2 % 4) for k in range(16)]
# With a reference in the network, which the shipped recipe has not.
REFERENCED = replace(VOICE, ordinary=0.25, reference="film")


def arrays(count, seed):
    rng = np.random.default_rng(seed)
    return tuple(rng.standard_normal((count, *shape)).astype(np.float16) for shape in ((FRAMES, WIDTH), (STEPS, COEFFICIENTS)))


class Candidates(unittest.TestCase):
    def setUp(self):
        self.means = {features.MIDDLE: np.arange(16)[:, None] * np.ones((1, WIDTH)), features.CHANNEL: None}
        self.references = References(CLIPS, range(16), self.means, {})

    def test_are_neutral_clips_of_the_speaker_other_than_the_clip(self):
        mine = [k for k, c in enumerate(CLIPS) if c.speaker == "s0" and c.emotion == NEUTRAL]
        found = self.references.drawn(mine[0], features.MIDDLE, np.random.default_rng(1))[:, 0].tolist()
        self.assertEqual(found, mine[1:])

    def test_there_are_none_for_a_window_that_went_a_way_of_its_own(self):
        self.assertIsNone(self.references.drawn(0, 2, np.random.default_rng(1)))


class OrdinarySpeech(unittest.TestCase):
    def setUp(self):
        self.windows = SimpleNamespace(piece=np.zeros(8, int), start=np.arange(8) * 16_000, set=np.array(["a"] * 4 + ["b"] * 4),
                                       speaker=np.array(["x"] * 8))
        means = np.arange(8)[:, None] * np.ones((1, WIDTH), np.float32)
        self.kinds = [(np.arange(8), np.arange(8), means, range(8))] * 2

    def test_of_a_set_that_is_held_out_is_never_drawn(self):
        spoken, rng = Spoken(self.windows, ("b",), self.kinds, 0.5), np.random.default_rng(1)
        self.assertTrue(all(spoken.draw(rng)[0] < 4 for _ in range(50)))

    def test_a_reference_does_not_overlap_its_window(self):
        spoken, rng = Spoken(self.windows, (), self.kinds, 0.5), np.random.default_rng(1)
        for _ in range(50):
            row, _, candidates = spoken.draw(rng)
            self.assertTrue(all(abs(k - row) >= 3 for k in candidates[:, 0]))


class Conditioned(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)
        block = network.WhisperBlock().state_dict()
        self.model = network.Network(REFERENCED, block).eval()
        self.stream, self.frames = torch.randn(2, FRAMES, WIDTH), torch.randn(2, STEPS, COEFFICIENTS)

    def test_no_reference_is_a_row_of_nan_and_does_nothing(self):
        torch.nn.init.normal_(self.model.reference.film.weight)
        torch.nn.init.normal_(self.model.reference.offset.weight)
        none = torch.full((2, WIDTH), torch.nan)
        torch.testing.assert_close(self.model(self.stream, self.frames, none), self.model(self.stream, self.frames))

    def test_a_reference_is_of_its_own_row_alone(self):
        torch.nn.init.normal_(self.model.reference.offset.weight)
        known = torch.randn(2, WIDTH)
        known[1] = torch.nan
        with_one, without = self.model(self.stream, self.frames, known), self.model(self.stream, self.frames)
        self.assertGreater((with_one - without)[0].abs().max().item(), 1e-3)
        torch.testing.assert_close(with_one[1], without[1])


class Batches(unittest.TestCase):
    def test_targets_sum_to_one_and_the_prior_is_their_mean(self):
        kept = [arrays(16, v) for v in range(5)]
        streams, mfccs = zip(*kept)
        means = {v: streams[v].astype(np.float32).mean(1) for v in (features.MIDDLE, features.CHANNEL)}
        groups = {k: (c.speaker, 0) for k, c in enumerate(CLIPS)}
        windows = SimpleNamespace(piece=np.arange(16), start=np.zeros(16), set=np.array(["a"] * 16), speaker=np.arange(16))
        spoken = Spoken(windows, (), [(*kept[0], means[features.MIDDLE], range(16))] * 2, 0.5)
        sampler = Sampler(REFERENCED, CLIPS, range(16), streams, mfccs, References(CLIPS, range(16), means, groups), spoken, range(16))
        rng, seen = np.random.default_rng(1), []
        for _ in range(20):
            stream, frames, targets, known = sampler.batch(rng)
            self.assertTrue(torch.isfinite(stream).all() and torch.isfinite(frames).all())
            torch.testing.assert_close(targets.sum(1), torch.ones(len(targets)))
            seen.append(targets)
        self.assertTrue(0.1 < known[:, 0].isnan().float().mean() < 0.9)
        self.assertLess((torch.cat(seen).mean(0) - sampler.prior()).abs().max().item(), 0.04)


if __name__ == "__main__":
    unittest.main()
