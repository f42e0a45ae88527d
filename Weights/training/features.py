"""The output of both front ends and of Whisper's frozen blocks for every clip, computed once and kept in `cache/`.

The windows of a clip are `VARIANTS`, drawn with a seed from clip and variant. A run that was stopped continues where it
was.
"""
import functools
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

import caser
import channels
import conditions
import corpora
from recipe import (COEFFICIENTS, ENCODER_HEADS, FRAMES, FROZEN, LEVEL_DBFS, MFCC_POOL, STEPS, TAP_POOL, WIDTH)

# The windows of a clip: the protocol's window; one cut from a turn, as in a live stream; two that are placed or cut
# from a turn after augmentation (`way`); and one after a channel that some twenty clips of the speaker share
# (`Channels`).
VARIANTS = ("middle", "stream", "augmented 1", "augmented 2", "channel")
MIDDLE, STREAM, CHANNEL = 0, 1, 4
SHARED = 20                    # clips of a speaker that share a channel
MOST_CHANNELS = 6              # of a speaker; further clips of the speaker have no channel
BATCH = 16
RECIPE = 2                     # to be raised when windows or front ends change: it is part of the cache's name


def load_frozen(encoder):
    """Whisper's frozen blocks from the encoder file, in float32, with averaged output."""
    return caser.WhisperTap(load_file(encoder), FROZEN, ENCODER_HEADS, pool=TAP_POOL)


def front_ends(frozen, windows):
    """Windows float32 [B, T] -> residual stream [B, T // 640, 512] and pooled MFCC [B, …, 40], after levelling."""
    levelled = torch.stack([caser.level(torch.as_tensor(w), LEVEL_DBFS) for w in windows])
    frames = torch.stack([caser.pool(caser.mfcc(w.numpy()), MFCC_POOL) for w in levelled])
    with torch.no_grad():
        return frozen(levelled), frames


def way(wave, rng):
    """Augments `wave`, float32: each at random, another speed, a room, noise, a telephone. Its length may change by a
    tenth."""
    if rng.random() < 0.4:
        wave = conditions.faster(wave, rng.choice([0.9, 0.95, 1.05, 1.1]))
    if rng.random() < 0.3:
        wave = conditions.room(wave, rng, rt60_s=rng.uniform(0.2, 0.8), direct_db=rng.uniform(-3, 9))
    if rng.random() < 0.6:
        wave = conditions.mixed(wave, corpora.noise(len(wave), rng), rng.uniform(3, 30), rng)
    if rng.random() < 0.25:
        wave = conditions.telephone(wave)
    return wave


class Channels:
    """The channel of each clip. A speaker's clips are divided, emotion by emotion, among one channel for every `SHARED`
    clips. Half of the channels imitate a piece of ordinary speech, one of `donors`."""

    def __init__(self, clips, donors):
        self.clips, self.donors = clips, donors
        self.group, self.neutral = {}, {}
        for speaker in sorted({c.speaker for c in clips}):
            mine = [i for i, c in enumerate(clips) if c.speaker == speaker]
            count = max(1, round(len(mine) / SHARED))
            most = min(count, MOST_CHANNELS)
            for emotion in range(len(caser.LABELS)):
                rows = [i for i in mine if clips[i].emotion == emotion]
                shuffled = np.random.default_rng((CHANNEL, len(mine), emotion)).permutation(rows).tolist()
                self.group |= {i: (speaker, k % count) for k, i in enumerate(shuffled) if k % count < most}
            neutral = [i for i in mine if clips[i].emotion == caser.LABELS.index("neutral")]
            self.neutral[speaker] = (neutral or mine)[:8]
        self.numbers = {g: n for n, g in enumerate(sorted(set(self.group.values())))}
        self.drawn = functools.cache(self.draw)

    def draw(self, group):
        own = np.mean([channels.spectrum(corpora.read_wave(self.clips[i].path)) for i in self.neutral[group[0]]], 0)
        return channels.draw(np.random.default_rng((CHANNEL, self.numbers[group])), own, self.donors)

    def donor(self, index):
        """The set of ordinary speech that the channel of clip `index` imitates, "" for none."""
        return channels.donor(np.random.default_rng((CHANNEL, self.numbers[self.group[index]])), self.donors)

    def of(self, index):
        return self.drawn(self.group[index])


def window(clips, index, variant, companions, shared=None):
    """The window of clip `index` in `variant`; `companions`: indices of clips of the same speaker in the same emotion;
    `shared`: the `Channels`, which the variant CHANNEL needs."""
    wave = corpora.read_wave(clips[index].path)
    if variant == MIDDLE:
        return corpora.middle_window(wave)
    rng = np.random.default_rng((variant, index))
    if variant == CHANNEL:
        cut = corpora.middle_window if rng.random() < 0.5 else lambda w: corpora.placed_window(w, rng)
        return shared.of(index)(cut(wave), rng)
    if variant != STREAM:
        wave = way(corpora.trim(wave), rng)
        if rng.random() < 0.5:
            return corpora.placed_window(wave, rng)
    others = rng.choice(companions, size=2)
    waves = [wave] + [corpora.read_wave(clips[i].path) for i in others]
    return corpora.stream_window([waves[i] for i in rng.permutation(3)], rng)


def key(corpora_folder, encoder):
    """Name of the cache: a digest of all that determines its content."""
    digest = hashlib.sha256(json.dumps([RECIPE, LEVEL_DBFS, FROZEN, TAP_POOL, MFCC_POOL, VARIANTS[:CHANNEL]]).encode())
    for path in (Path(corpora_folder) / "manifest.csv", Path(encoder)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def fill(folder, name, count, window_of, frozen, report=print, rows=None):
    """Computes the features of the windows `window_of(0)` to `window_of(count - 1)`, or of the `rows` alone, and stores
    them in `folder` under `name`, float16 [count, 75, 512] and [count, 37, 40]. A stopped run is continued. `frozen`: a
    function that returns the frozen blocks."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    progress = folder / f"progress.{name}.json"
    done = json.loads(progress.read_text()) if progress.exists() else 0
    rows = np.arange(count) if rows is None else np.asarray(rows)
    if done == len(rows):
        return
    blocks, arrays = frozen(), []
    for kind, shape in (("stream", (FRAMES, WIDTH)), ("mfcc", (STEPS, COEFFICIENTS))):
        path = folder / f"{kind}.{name}.npy"
        mode = {"mode": "r+"} if path.exists() else {"mode": "w+", "dtype": np.float16, "shape": (count, *shape)}
        arrays.append(np.lib.format.open_memmap(path, **mode))
    for start in range(done, len(rows), BATCH):
        some = rows[start : start + BATCH]
        windows = np.stack([window_of(i) for i in some.tolist()])
        for array, values in zip(arrays, front_ends(blocks, windows)):
            array[some] = values.numpy()
        end = start + len(some)
        if start // BATCH % 16 == 0 or end == len(rows):
            [array.flush() for array in arrays]
            progress.write_text(json.dumps(end))
            report(f"features: {name}: {end}/{len(rows)}")


def kept(folder, name):
    """The stored (streams, mfccs) of the windows `name`, memory-mapped."""
    return [np.load(Path(folder) / f"{kind}.{name}.npy", mmap_mode="r") for kind in ("stream", "mfcc")]


def compute(clips, encoder, folder, variants=range(CHANNEL), donors=(), report=print):
    """Fills `folder` with the variants of the clips, which `read` returns. `donors`: pieces of ordinary speech, which
    some of the channels imitate."""
    shared, groups = Channels(clips, donors), {}
    for i, clip in enumerate(clips):
        groups.setdefault((clip.speaker, clip.emotion), []).append(i)
    frozen = functools.cache(lambda: load_frozen(encoder))
    for v in variants:
        fill(folder, str(v), len(clips), lambda i: window(clips, i, v, groups[clips[i].speaker, clips[i].emotion], shared),
             frozen, report, sorted(shared.group) if v == CHANNEL else None)


def read(folder, variants=range(CHANNEL)):
    """The stored (streams, mfccs), each a tuple by variant, memory-mapped."""
    return list(zip(*(kept(folder, str(v)) for v in variants)))


if __name__ == "__main__":
    import sys

    torch.set_num_threads(1)
    folder, encoder, *only = sys.argv[1:]
    compute(corpora.read_manifest(folder), encoder, Path(__file__).parent / "cache" / key(folder, encoder),
            [int(v) for v in only] or range(CHANNEL), report=lambda s: print(s, flush=True))
