"""Batches: draws a kind of window and a corpus by their shares, then uniformly a class and a clip; then mixes, splices
and masks windows."""
import numpy as np
import torch
from torch.nn import functional as F

import caser
import features
from recipe import FRAMES, WIDTH


NEUTRAL = caser.LABELS.index("neutral")


class Sampler:
    """Draws batches of the clips `indices` and, if `spoken` is given, of ordinary speech."""

    def __init__(self, recipe, clips, indices, streams, mfccs, references=None, spoken=None,
                 channelled=None):
        self.recipe, self.streams, self.mfccs = recipe, streams, mfccs
        self.references, self.spoken = references, spoken
        self.labels = np.array([c.emotion for c in clips])
        self.cells, self.channelled = {}, {}
        for cells, among in ((self.cells, indices), (self.channelled, channelled or ())):
            for i in among:
                cells.setdefault(clips[i].corpus, {}).setdefault(clips[i].emotion, []).append(i)
        self.names = [n for n, _ in recipe.shares if n in self.cells]
        shares = np.array([s for n, s in recipe.shares if n in self.cells])
        self.shares = shares / shares.sum()

    def prior(self):
        """The shares [4] of the classes in a batch. Adding their logs to the logits in training keeps a network from
        preferring neutral because its batches are mostly neutral (logit adjustment: Menon et al. 2021)."""
        ordinary = self.recipe.ordinary if self.spoken else 0
        out = torch.zeros(len(caser.LABELS))
        for name, share in zip(self.names, self.shares):
            for emotion in self.cells[name]:
                out[emotion] += (1 - ordinary) * share / len(self.cells[name])
        other = (1 - self.recipe.ordinary_neutral) / (len(caser.LABELS) - 1)
        out += ordinary * other
        out[NEUTRAL] += ordinary * (self.recipe.ordinary_neutral - other)
        return out

    def batch(self, rng):
        """Draws a batch: (residual stream [B, 75, 512], MFCC [B, 37, 40], targets [B, 4], references [B, 512], NaN for
        none)."""
        ordinary = round(self.recipe.batch * self.recipe.ordinary) if self.spoken else 0
        acted = self.recipe.batch - ordinary
        kinds = rng.choice(len(self.recipe.variants), size=acted, p=self.recipe.variants)
        rows = []
        for k, name in enumerate(rng.choice(self.names, size=acted, p=self.shares)):
            if kinds[k] == features.CHANNEL and name not in self.channelled:
                kinds[k] = features.MIDDLE
            classes = (self.channelled if kinds[k] == features.CHANNEL else self.cells)[name]
            rows.append(rng.choice(classes[rng.choice(sorted(classes))]))
        windows = [[arrays[v][i] for v, i in zip(kinds, rows)] for arrays in (self.streams, self.mfccs)]
        targets = [F.one_hot(torch.tensor(int(self.labels[i])), len(caser.LABELS)).float() for i in rows]
        references = [self.reference(rng, self.references and self.references.drawn(i, v, rng)) for v, i in zip(kinds, rows)]
        for _ in range(ordinary):
            stream, frames, reference = self.spoken.draw(rng)
            windows[0].append(stream)
            windows[1].append(frames)
            targets.append(torch.full((len(caser.LABELS),), (1 - self.recipe.ordinary_neutral) / (len(caser.LABELS) - 1)))
            targets[-1][NEUTRAL] = self.recipe.ordinary_neutral
            references.append(self.reference(rng, reference))
        stream, frames = (torch.from_numpy(np.stack(w)).float() for w in windows)
        targets, reference = torch.stack(targets), torch.from_numpy(np.stack(references)).float()
        self.move(rng, stream, reference)
        stream, frames, targets, reference = self.joined(rng, stream, frames, targets, reference)
        self.mask(rng, stream, frames)
        return stream, frames, targets, reference

    def reference(self, rng, windows):
        """The mean [512] of 1 to `largest_reference` of the candidates `windows` [N, 512]; NaN if there are none, and
        otherwise with probability 1 - `referenced`."""
        if windows is None or not len(windows) or rng.random() >= self.recipe.referenced:
            return np.full(WIDTH, np.nan, np.float32)
        count = rng.integers(1, min(self.recipe.largest_reference, len(windows)) + 1)
        return windows[rng.choice(len(windows), count, replace=False)].mean(0)

    def move(self, rng, stream, reference):
        """Moves some windows, each with its reference, by a share of the difference of two references of the batch,
        which gives a new synthetic voice."""
        known = torch.nonzero(~reference[:, 0].isnan())[:, 0].numpy()
        if len(known) < 2:
            return
        means = reference[known].clone()
        for i in known[rng.random(len(known)) < self.recipe.moved]:
            a, b = rng.integers(len(known), size=2)
            by = (means[a] - means[b]) * rng.uniform(0.2, 0.8)
            stream[i] += by
            reference[i] += by

    def joined(self, rng, stream, frames, targets, reference):
        """Mixes some windows with another one, or replaces their end by another's. Targets are weighted by the
        shares."""
        own = np.ones((len(targets), FRAMES), np.float32)       # share of the window itself in each frame
        for row, draw in zip(own, rng.random(len(targets))):
            if draw < self.recipe.mixed:
                row[:] = max(lam := rng.beta(0.5, 0.5), 1 - lam)
            elif draw < self.recipe.mixed + self.recipe.spliced:
                row[rng.integers(FRAMES // 5, FRAMES) :] = 0
        own, other = torch.from_numpy(own), torch.from_numpy(rng.permutation(len(targets)))
        share = own.mean(1, keepdim=True)
        blend = lambda x: (w := F.interpolate(own[:, None], x.shape[1])[:, 0, :, None]) * x + (1 - w) * x[other]
        # A window without a reference that is mixed with a window with one gets the reference of the latter.
        theirs = torch.where(reference[other].isnan(), reference, reference[other])
        ours = torch.where(reference.isnan(), theirs, reference)
        return (blend(stream), blend(frames), share * targets + (1 - share) * targets[other],
                share * ours + (1 - share) * theirs)

    def mask(self, rng, stream, frames):
        """Replaces up to 0.5 s of some windows by their mean over time, independently in each branch."""
        for x in (stream, frames):
            count = x.shape[1]
            for row in np.flatnonzero(rng.random(len(x)) < self.recipe.masked):
                length = rng.integers(max(1, count // 30), count // 6 + 1)
                start = rng.integers(0, count - length + 1)
                x[row, start : start + length] = x[row].mean(0)
