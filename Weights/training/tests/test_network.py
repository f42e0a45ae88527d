"""The trained network equals the shipped one: the block's arithmetic, and the whole network with samples as input."""
import unittest
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

import caser
import corpora
import features
import network
import quick
import sampler
from recipe import FRAMES, FROZEN, STEPS, TAP, Recipe

torch.set_num_threads(1)


def encoder():
    tensors = {n: t for n, t in load_file(quick.SHIPPED).items() if n.startswith("encoder.")}
    return {n: t.transpose(1, 2).contiguous() if t.dim() == 3 else t for n, t in tensors.items()}


class Network(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.encoder = encoder()
        cls.wave = torch.from_numpy(corpora.read_wave(quick.ship.SAMPLE)[16_000 : 16_000 + corpora.WINDOW])[None]

    def test_the_block_is_whispers(self):
        first, second = caser.WhisperTap(self.encoder, TAP).blocks(self.wave)[FROZEN - 1 :]
        block = network.WhisperBlock()
        block.load_state_dict(network.given_block(self.encoder))
        self.assertLess((block(first) - second).abs().max().item(), 1e-3 * second.abs().max().item())

    def test_cached_parts_give_what_the_whole_gives(self):
        torch.manual_seed(1)
        model = network.Network(Recipe(), network.given_block(self.encoder)).eval()
        frozen = caser.WhisperTap(self.encoder, FROZEN, pool=features.TAP_POOL)
        levelled = caser.level(self.wave[0], features.LEVEL_DBFS)[None]
        streams, frames = features.front_ends(frozen, self.wave.numpy())
        self.assertEqual((streams.shape[1], frames.shape[1]), (FRAMES, STEPS))
        with torch.no_grad():
            parts = model(streams, frames)
            whole = model.whole(self.encoder)(levelled, caser.mfcc(levelled[0].numpy())[None])
        self.assertLess((parts - whole).abs().max().item(), 1e-4)

    def test_every_part_can_be_left_out(self):
        block = network.given_block(self.encoder)
        for parts in network.PARTS:
            model = network.Network(Recipe(parts=parts), block)
            logits = model(torch.randn(2, FRAMES, 512), torch.randn(2, STEPS, 40))
            self.assertEqual(tuple(logits.shape), (2, 4), parts)
            logits.sum().backward()
            moved = model.block.mlp[0].weight.grad is not None
            self.assertEqual(moved, parts == "all", parts)


class Sampler(unittest.TestCase):
    def setUp(self):
        self.clips = [corpora.Clip(Path(), c, f"{c}_{i % 2}", "f", i % 4) for c in ("emodb", "ravdess") for i in range(8)]
        arrays = lambda steps, width: [np.full((16, steps, width), v + 1, np.float16) for v in range(4)]
        self.arrays = arrays(FRAMES, 512), arrays(STEPS, 40)

    def test_targets_are_shares_and_clips_are_of_the_training(self):
        recipe = Recipe(batch=256)
        mine = [i for i, c in enumerate(self.clips) if c.emotion in (0, 1)]
        drawn = sampler.Sampler(recipe, self.clips, mine, *self.arrays).batch(np.random.default_rng(1))
        stream, frames, targets, reference = drawn
        self.assertEqual((tuple(stream.shape), tuple(frames.shape)), ((256, FRAMES, 512), (256, STEPS, 40)))
        self.assertTrue(reference.isnan().all(), "without candidates there is no reference")
        self.assertTrue(torch.allclose(targets.sum(1), torch.ones(256)))
        self.assertEqual(targets[:, 2:].abs().max().item(), 0)
        joined = (targets.max(1).values < 1).float().mean().item()
        self.assertTrue(0.1 < joined < 0.5, joined)         # 0.6 are joined, half of them with their own class

    def test_a_mask_leaves_the_mean(self):
        recipe = Recipe(masked=1.0)
        stream = torch.randn(64, FRAMES, 512)
        before = stream.clone()
        sampler.Sampler(recipe, self.clips, range(16), *self.arrays).mask(np.random.default_rng(1), stream, stream[:, :STEPS])
        changed = (stream != before).any(2).float().mean(1)
        self.assertTrue((changed > 0).all() and (changed < 0.5).all())


if __name__ == "__main__":
    unittest.main()
