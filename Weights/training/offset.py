"""The offset of a voice: what the logits of its neutral windows say of how it is read.

    logits' = scale · (logits - K / (K + doubt) · (mean logits of K neutral windows - usual))

`usual` are the logits of a usual voice's neutral window, and what of the classes' balance the fit finds wanting. If voices differ from it by one deviation and the windows of a voice from
its own mean by another, `doubt` is the squared ratio of the second to the first, and the subtrahend is what is to be expected of the
voice's difference (empirical Bayes). No reference is K = 0. It works on the logits of any weights.
"""
import numpy as np
import torch

SHRINKAGE = 1e-3                        # of `usual`, so that a fit on few clips holds still


class Fit:
    """Fitted on clips: logits [N, 4], mean logits of the reference [N, 4], its windows K [N], 0 for none, truth [N], corpus [N].
    The corpora and their classes are counted alike."""

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
