"""Fits the last layer of a trained network again, with ordinary speech as weakly neutral.

A trial, not part of the shipped recipe: `train.py --vary ordinary=0 refit=0.25` trains the network on acted speech alone,
then moves only the last layer, so that the representation cannot learn other signs of "not acted" than the voice, such as
the language (docs/decisions/011-reference-and-ordinary-speech.md).
"""
import numpy as np
import torch
from torch.nn import functional as F

import caser
import features
import network
import offset

NEUTRAL = caser.LABELS.index("neutral")


def representations(model, stream, frames, rows):
    """The fused representation, averaged over time [N, d], of the windows `rows`."""
    read = lambda x, y: model.head.fuse(model.tap(x), y)["embedding"]
    return network.in_batches(model, read, (stream, frames), rows).double()


def acted(model, run, clips, material):
    """The training clips of `run`, their middle windows and those after a channel: representations, targets [N, 4] and
    weights [N], equal for the corpora, and for the classes of a corpus."""
    kinds = [(features.MIDDLE, list(run.train)), (features.CHANNEL, material.channelled)]
    heard = torch.cat([representations(model, material.streams[v], material.mfccs[v], rows) for v, rows in kinds])
    chosen = [clips[i] for _, rows in kinds for i in rows]
    labels = torch.tensor([int(c.emotion) for c in chosen])
    count, smoothing = len(caser.LABELS), run.recipe.label_smoothing
    targets = F.one_hot(labels, count) * (1 - smoothing) + smoothing / count
    return heard, targets.double(), offset.equal_weights(np.array([c.corpus for c in chosen]), labels.numpy())


def ordinary(model, run, spoken):
    """The same of ordinary speech, without and with a channel: weights are equal for the sets, and for the speakers of a
    set."""
    rows = [[i for i in some if spoken.windows.set[i] in spoken.names] for *_, some in spoken.kinds]
    heard = torch.cat([representations(model, stream, frames, some) for (stream, frames, *_), some in zip(spoken.kinds, rows)])
    every, neutral = np.concatenate(rows), run.recipe.ordinary_neutral
    targets = torch.full((len(every), len(caser.LABELS)), (1 - neutral) / (len(caser.LABELS) - 1))
    targets[:, NEUTRAL] = neutral
    return heard, targets.double(), offset.equal_weights(spoken.windows.set[every], spoken.windows.speaker[every])


def refitted(model, weights, run, clips, material):
    """`weights` with the last layer fitted again. They are returned as they are if the recipe says so, or if there is no
    ordinary speech. `model`: a network to load them into."""
    share = run.recipe.refit
    if not share or material.spoken is None:
        return weights
    model.load_state_dict(weights)
    parts = acted(model, run, clips, material), ordinary(model, run, material.spoken)
    heard, targets = (torch.cat([p[k] for p in parts]) for k in (0, 1))
    weight = torch.from_numpy(np.concatenate([s * p[2] for s, p in zip((1 - share, share), parts)]))
    names = ("head.cls_head.weight", "head.cls_head.bias")
    trained = weights[names[0]].double()
    matrix, bias = (weights[n].detach().double().clone().requires_grad_() for n in names)
    optimiser = torch.optim.LBFGS([matrix, bias], max_iter=100, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = (weight * F.cross_entropy(heard @ matrix.T + bias, targets, reduction="none")).sum()
        loss = loss + run.recipe.refit_decay * (matrix - trained).square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return weights | dict(zip(names, (matrix.detach().float(), bias.detach().float())))
