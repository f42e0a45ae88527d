"""References, and the ordinary speech of a batch. The reference of a voice is the mean of the frozen blocks' averaged
residual stream over some neutral windows of the same speaker and channel, [512]."""
import numpy as np
import torch

import caser
import features

NEUTRAL = caser.LABELS.index("neutral")


def means(stream, batch=256):
    """Means over time, float32 [N, 512], of the memory-mapped residual streams [N, 75, 512]."""
    return np.concatenate([np.asarray(stream[i : i + batch], np.float32).mean(1) for i in range(0, len(stream), batch)])


class References:
    """The candidate windows for the reference of a training clip: other neutral clips of its speaker; for a middle
    window their middle windows, for a window after a channel their windows after the same channel."""

    def __init__(self, clips, indices, means_by_variant, groups):
        self.means, self.groups = means_by_variant, groups
        self.speakers = {i: clips[i].speaker for i in indices}
        self.neutral = {}
        for i in indices:
            if clips[i].emotion == NEUTRAL:
                self.neutral.setdefault(clips[i].speaker, []).append(i)
                if i in groups:
                    self.neutral.setdefault(groups[i], []).append(i)

    def voices(self):
        """The mean of the candidates of each voice, [voices, 512]."""
        return np.stack([self.means[features.MIDDLE if isinstance(who, str) else features.CHANNEL][rows].mean(0)
                         for who, rows in self.neutral.items()])

    def drawn(self, i, variant, rng):
        """Candidates [N, 512] for clip `i` in `variant`, or None."""
        if variant not in (features.MIDDLE, features.CHANNEL):
            return None
        among = self.neutral.get(self.speakers[i] if variant == features.MIDDLE else self.groups.get(i), ())
        among = [k for k in among if k != i]
        if len(among) > 10:
            among = rng.choice(among, 10, replace=False)
        return self.means[variant][among] if len(among) else None


class Spoken:
    """Draws the ordinary speech of a batch: a set, then uniformly a speaker and a window of that speaker. The
    candidates for its reference are the windows of the same piece that do not overlap it. `kinds`: (streams, mfccs,
    means, rows) of the windows without and with a channel; `rows`: the indices of the windows that exist."""

    def __init__(self, windows, without, kinds, channel_share):
        self.kinds, self.channel_share, self.windows = kinds, channel_share, windows
        self.names = sorted(set(windows.set.tolist()) - set(without))
        self.speakers = [{} for _ in kinds]                 # of each kind, set -> speaker -> rows
        self.pieces = [{} for _ in kinds]
        for speakers, pieces, (*_, rows) in zip(self.speakers, self.pieces, kinds):
            for i in rows:
                if windows.set[i] not in without:
                    speakers.setdefault(windows.set[i], {}).setdefault(windows.speaker[i], []).append(i)
                    pieces.setdefault(windows.piece[i], []).append(i)
        shares = np.sqrt([len(self.speakers[0][n]) for n in self.names])       # sets of few speakers are drawn less often
        self.shares = shares / shares.sum()

    def voices(self):
        """The mean of each piece without and with its channel, [2 · pieces, 512]."""
        return np.stack([means[rows].mean(0) for (_, _, means, _), pieces in zip(self.kinds, self.pieces)
                         for rows in pieces.values()])

    def draw(self, rng):
        """Draws a window: (stream [75, 512], MFCC [37, 40], candidates for its reference [N, 512])."""
        kind = int(rng.random() < self.channel_share)
        speakers = self.speakers[kind][rng.choice(self.names, p=self.shares)]
        i = rng.choice(speakers[rng.choice(sorted(speakers))])
        streams, mfccs, means, _ = self.kinds[kind]
        start = self.windows.start
        others = [k for k in self.pieces[kind][self.windows.piece[i]] if abs(start[k] - start[i]) >= caser.MIN_SAMPLES]
        return streams[i], mfccs[i], means[others]
