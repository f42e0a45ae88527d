"""References: what is known of a voice before it is read, the mean over some neutral windows of the same speaker and channel
of the frozen blocks' averaged residual stream, [512]; and the ordinary speech of a batch."""
import numpy as np
import torch

import caser
import features

NEUTRAL = caser.LABELS.index("neutral")


def means(stream, batch=256):
    """Residual streams [N, 75, 512], memory-mapped -> their means over time, float32 [N, 512]."""
    return np.concatenate([np.asarray(stream[i : i + batch], np.float32).mean(1) for i in range(0, len(stream), batch)])


class References:
    """The windows that a reference of a training clip may be of: neutral clips of its speaker, other than itself, in the
    middle window for one, after the same channel for another."""

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
        """The mean of each voice's candidates, [voices, 512]."""
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
    """The ordinary speech of a batch: a set, then a speaker and a window of his evenly, its reference windows of the same piece
    that do not overlap it. `kinds`: (streams, mfccs, means, rows) as they are and after a channel; `rows`: those there are."""

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
        shares = np.sqrt([len(self.speakers[0][n]) for n in self.names])       # a set of few speakers is heard less
        self.shares = shares / shares.sum()

    def voices(self):
        """The mean of each piece, as it is and after its channel, [2 · pieces, 512]."""
        return np.stack([means[rows].mean(0) for (_, _, means, _), pieces in zip(self.kinds, self.pieces)
                         for rows in pieces.values()])

    def draw(self, rng):
        """(stream [75, 512], MFCC [37, 40], candidates [N, 512] of its reference)."""
        kind = int(rng.random() < self.channel_share)
        speakers = self.speakers[kind][rng.choice(self.names, p=self.shares)]
        i = rng.choice(speakers[rng.choice(sorted(speakers))])
        streams, mfccs, means, _ = self.kinds[kind]
        start = self.windows.start
        others = [k for k in self.pieces[kind][self.windows.piece[i]] if abs(start[k] - start[i]) >= caser.MIN_SAMPLES]
        return streams[i], mfccs[i], means[others]
