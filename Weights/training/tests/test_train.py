"""A run: several orders of the data from the same first weights, and the mean of their weights is its network."""
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch

import features
import network
import quick
import train
from recipe import COEFFICIENTS, FRAMES, STEPS, VOICE, WIDTH

torch.set_num_threads(1)


class Orders(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        kept = tempfile.TemporaryDirectory()
        cls.addClassCleanup(kept.cleanup)
        cls.folder = Path(kept.name)
        quick.make_tree(cls.folder / "corpora")
        quick.make_encoder(cls.folder / "encoder.safetensors")
        cls.place = train.Workplace(SimpleNamespace(
            seed=1, encoder=cls.folder / "encoder.safetensors", corpora=cls.folder / "corpora", work=cls.folder, quick=True,
            ordinary=None, meetings=None, orders=None, vary=None))
        cls.place.folder.mkdir(parents=True)
        cls.place.cache.mkdir(parents=True)
        rng = np.random.default_rng(1)
        for v in range(features.CHANNEL):
            for name, shape in (("stream", (FRAMES, WIDTH)), ("mfcc", (STEPS, COEFFICIENTS))):
                array = rng.standard_normal((len(cls.place.clips), *shape)).astype(np.float16)
                np.save(cls.place.cache / f"{name}.{v}.npy", array)

    def fit(self, order, checkpoint, say=lambda _: None):
        place = self.place
        return train.fit(place.run("fold0"), place.seed, order, place.clips, place.material(place.run("fold0")),
                         network.given_block(place.tensors()), self.folder / checkpoint, say)

    def test_the_network_of_a_run_is_the_mean_of_its_orders(self):
        first, second = (self.fit(order, f"apart.{order}.pt") for order in range(2))
        train.perform(self.place, self.place.run("fold0"), threads=1)
        kept = self.place.network("fold0").state_dict()
        name = "block.mlp.0.weight"
        self.assertGreater((first[name] - second[name]).abs().max().item(), 1e-5)
        for name, tensor in kept.items():
            torch.testing.assert_close(tensor, (first[name] + second[name]) / 2, msg=name)
        self.assertEqual(sorted(p.name for p in self.place.folder.iterdir()), ["fold0.1.pt", "fold0.2.pt", "fold0.npz", "fold0.pt"])

    def test_a_run_goes_on_after_its_last_epoch(self):
        def interrupt(line):
            raise InterruptedError(line)

        whole = self.fit(0, "whole.pt")
        with self.assertRaises(InterruptedError):
            self.fit(0, "stopped.pt", say=interrupt)
        for name, tensor in self.fit(0, "stopped.pt").items():
            torch.testing.assert_close(tensor, whole[name], rtol=0, atol=0, msg=name)

    def test_interpolated_weights_lie_between_two_networks(self):
        first, second = (self.fit(order, f"between.{order}.pt") for order in range(2))
        for share, expected in ((0.0, first), (1.0, second)):
            for name, tensor in train.interpolated(first, second, share).items():
                torch.testing.assert_close(tensor, expected[name], rtol=0, atol=1e-6, msg=name)
        quarter = train.interpolated(first, second, 0.25)
        name = "block.mlp.0.weight"
        torch.testing.assert_close(quarter[name], first[name] * 0.75 + second[name] * 0.25)


class Keys(unittest.TestCase):
    def test_a_run_with_a_second_network_has_a_name_of_its_own(self):
        keys = {replace(VOICE, acted=share, orders=orders).key(1, "") for share in (0.0, 0.25, 0.5) for orders in (1, 3)}
        self.assertEqual(len(keys), 3)


if __name__ == "__main__":
    unittest.main()
