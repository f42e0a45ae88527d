"""Batches: a corpus by its share, then a class, a clip and a kind of window evenly; mixed, spliced and masked."""
import numpy as np
import torch
from torch.nn import functional as F

import caser
from recipe import FRAMES


class Sampler:
    """Draws batches of the clips `indices`."""

    def __init__(self, recipe, clips, indices, streams, mfccs):
        self.recipe, self.streams, self.mfccs = recipe, streams, mfccs
        self.labels = np.array([c.emotion for c in clips])
        self.cells = {}
        for i in indices:
            self.cells.setdefault(clips[i].corpus, {}).setdefault(clips[i].emotion, []).append(i)
        self.names = [n for n, _ in recipe.shares if n in self.cells]
        shares = np.array([s for n, s in recipe.shares if n in self.cells])
        self.shares = shares / shares.sum()

    def batch(self, rng):
        """(residual stream [B, 75, 512], MFCC [B, 37, 40], targets [B, 4])."""
        rows = []
        for name in rng.choice(self.names, size=self.recipe.batch, p=self.shares):
            classes = self.cells[name]
            rows.append(rng.choice(classes[rng.choice(sorted(classes))]))
        kinds = rng.choice(len(self.recipe.variants), size=self.recipe.batch, p=self.recipe.variants)
        stream, frames = (
            torch.from_numpy(np.stack([arrays[v][i] for v, i in zip(kinds, rows)])).float()
            for arrays in (self.streams, self.mfccs)
        )
        targets = F.one_hot(torch.from_numpy(self.labels[rows]), len(caser.LABELS)).float()
        stream, frames, targets = self.joined(rng, stream, frames, targets)
        self.mask(rng, stream, frames)
        return stream, frames, targets

    def joined(self, rng, stream, frames, targets):
        """Windows mixed with another one, or ending in it. A target follows the shares."""
        own = np.ones((len(targets), FRAMES), np.float32)       # how much of each frame is the window's own
        for row, draw in zip(own, rng.random(len(targets))):
            if draw < self.recipe.mixed:
                row[:] = max(lam := rng.beta(0.5, 0.5), 1 - lam)
            elif draw < self.recipe.mixed + self.recipe.spliced:
                row[rng.integers(FRAMES // 5, FRAMES) :] = 0
        own, other = torch.from_numpy(own), torch.from_numpy(rng.permutation(len(targets)))
        share = own.mean(1, keepdim=True)
        blend = lambda x: (w := F.interpolate(own[:, None], x.shape[1])[:, 0, :, None]) * x + (1 - w) * x[other]
        return blend(stream), blend(frames), share * targets + (1 - share) * targets[other]

    def mask(self, rng, stream, frames):
        """Up to 0.5 s of a branch replaced by its mean over time, in each branch apart."""
        for x in (stream, frames):
            count = x.shape[1]
            for row in np.flatnonzero(rng.random(len(x)) < self.recipe.masked):
                length = rng.integers(max(1, count // 30), count // 6 + 1)
                start = rng.integers(0, count - length + 1)
                x[row, start : start + length] = x[row].mean(0)
