"""The offset of a voice, estimated from the logits of its neutral windows.

    logits' = scale · (logits - K / (K + doubt) · (mean logits of K neutral windows - usual))

`usual` are the logits of a typical voice's neutral window, together with a correction of the classes' balance. `doubt`
is the squared ratio of two deviations: that of a voice's windows from the voice's mean, and that of the voices' means
from `usual`. The subtrahend is then the expected value of the voice's offset (empirical Bayes). K = 0 means no
reference. The offset works on the logits of any weights.
"""
import numpy as np
import torch

SHRINKAGE = 1e-3                        # weight of the penalty on `usual`, which keeps a fit on few clips stable


class Fit:
    """An offset and scale fitted on clips: logits [N, 4], mean logits of the reference [N, 4], number K of its windows
    [N], 0 for none, truth [N], corpus [N]. All corpora, and all classes of a corpus, have equal weight."""

    def __init__(self, logits, reference_logits, count, truth, corpus):
        x, r, k = (torch.tensor(np.asarray(a), dtype=torch.float64) for a in (logits, reference_logits, count))
        weight = np.zeros(len(truth))
        for c in np.unique(corpus):
            for e in np.unique(truth):
                mine = (corpus == c) & (truth == e)
                weight[mine] = 1 / max(1, mine.sum())
        weight, target = torch.tensor(weight / weight.sum()), torch.tensor(truth)
        scale = torch.ones((), dtype=torch.float64, requires_grad=True)
        log_doubt = torch.zeros((), dtype=torch.float64, requires_grad=True)
        usual = torch.zeros(4, dtype=torch.float64, requires_grad=True)
        uses = bool(np.any(count))
        optimiser = torch.optim.LBFGS([scale] + [log_doubt, usual] * uses, max_iter=100, line_search_fn="strong_wolfe")

        def closure():
            optimiser.zero_grad()
            share = (k / (k + log_doubt.exp()))[:, None]
            loss = (weight * torch.nn.functional.cross_entropy(scale * (x - share * (r - usual)), target, reduction="none")).sum()
            loss = loss + SHRINKAGE * usual.square().sum()
            loss.backward()
            return loss

        optimiser.step(closure)
        self.scale, self.doubt, self.usual = scale.item(), float(np.exp(log_doubt.item())), usual.detach().numpy()

    def __call__(self, logits, reference_logits=None, count=0):
        if reference_logits is None:
            return self.scale * logits
        share = np.asarray(count / (count + self.doubt))
        return self.scale * (logits - (share[:, None] if share.ndim else share) * (reference_logits - self.usual))

    def told(self):
        return {"scale": round(self.scale, 3), "doubt": round(self.doubt, 3), "usual": [round(float(v), 3) for v in self.usual]}
