"""The offset of a voice, estimated from the logits of its neutral windows.

    x' = scale · x + bias                                          for a window's logits x, and for its reference's
    logits' = x' - K / (K + doubt) · (mean x' of K neutral windows - usual)

`scale` and `bias` belong to the network: they are folded into its last layer. `usual` are the logits of a typical
voice's neutral window. `doubt` is the squared ratio of two deviations: that of a voice's windows from the voice's mean,
and that of the voices' means from `usual`. The subtrahend is then the expected value of the voice's offset (empirical
Bayes). K = 0 means no reference. The offset works on the logits of any weights.
"""
from dataclasses import dataclass

import numpy as np
import torch

import caser

SHRINKAGE = 1e-3                        # weight of the penalty on `bias` and `usual`, for stable fits on few clips


def equal_weights(*groups):
    """Weights [N] with which the parts of the first grouping [N] have equal weight, in each of them those of the
    second, and so on."""
    weight, keys = np.ones(len(groups[0])), np.zeros(len(groups[0]), int)
    for group in groups:
        parts = np.unique(np.stack((keys, np.unique(group, return_inverse=True)[1])), axis=1, return_inverse=True)[1].ravel()
        for key in np.unique(keys):
            inside = np.unique(parts[keys == key])
            total = weight[keys == key].sum()
            for part in inside:
                weight[parts == part] *= total / len(inside) / weight[parts == part].sum()
        keys = parts
    return weight / weight.sum()


@dataclass(frozen=True)
class Correction:
    """What is applied to a network's logits: scale and bias, and the offset of a voice if a reference is given."""
    scale: float
    bias: tuple = (0.0,) * len(caser.LABELS)
    doubt: float | None = None          # None: for logits without a reference alone
    usual: tuple | None = None

    def __call__(self, logits, reference_logits=None, count=0):
        own = self.scale * logits + np.array(self.bias)
        if reference_logits is None:
            return own
        share = np.asarray(count / (count + self.doubt))
        theirs = self.scale * reference_logits + np.array(self.bias)
        return own - (share[:, None] if share.ndim else share) * (theirs - np.array(self.usual))

    @staticmethod
    def of(said):
        """The correction that `asdict` of one, read from JSON, describes."""
        return Correction(**{k: tuple(v) if isinstance(v, list) else v for k, v in said.items()})


def fit(logits, reference_logits, count, truth, weight):
    """The `Correction` fitted on windows: logits [N, 4], mean logits of the reference [N, 4], number K of its windows
    [N], 0 for none, truth [N], weight [N]."""
    x, r, k, weight = (torch.tensor(np.asarray(a), dtype=torch.float64) for a in (logits, reference_logits, count, weight))
    target = torch.tensor(truth)
    scale = torch.ones((), dtype=torch.float64, requires_grad=True)
    bias, usual = (torch.zeros(len(caser.LABELS), dtype=torch.float64, requires_grad=True) for _ in range(2))
    log_doubt = torch.zeros((), dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([scale, bias, log_doubt, usual], max_iter=200, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        share = (k / (k + log_doubt.exp()))[:, None]
        final = scale * x + bias - share * (scale * r + bias - usual)
        loss = (weight * torch.nn.functional.cross_entropy(final, target, reduction="none")).sum()
        loss = loss + SHRINKAGE * (usual.square().sum() + bias.square().sum())
        loss.backward()
        return loss

    optimiser.step(closure)
    rounded = lambda t: tuple(round(v, 4) for v in t.tolist())
    return Correction(round(scale.item(), 4), rounded(bias), round(float(np.exp(log_doubt.item())), 4), rounded(usual))
