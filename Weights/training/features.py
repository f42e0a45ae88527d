"""Both front ends and Whisper's frozen blocks of every clip, computed once and kept in `cache/`.

The windows of a clip are `VARIANTS`, drawn with a seed of clip and variant. A run that was stopped goes on where it was.
"""
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

import caser
import conditions
import corpora
from recipe import (COEFFICIENTS, ENCODER_HEADS, FRAMES, FROZEN, LEVEL_DBFS, MFCC_POOL, STEPS, TAP_POOL, WIDTH)

# The protocol's window; one cut from a turn, as a live stream gives it; two more placed or cut so, after a way
# through rooms and wires (`way`).
VARIANTS = ("middle", "stream", "augmented 1", "augmented 2")
MIDDLE, STREAM = 0, 1
BATCH = 16
RECIPE = 2                     # raise it when windows or front ends change: it names the cache


def load_frozen(encoder):
    """Whisper's frozen blocks from the encoder file, in float32, their output averaged."""
    return caser.WhisperTap(load_file(encoder), FROZEN, ENCODER_HEADS, pool=TAP_POOL)


def front_ends(frozen, windows):
    """float32 [B, T] windows -> residual stream [B, T // 640, 512] and MFCC [B, …, 40], pooled, after levelling."""
    levelled = torch.stack([caser.level(torch.as_tensor(w), LEVEL_DBFS) for w in windows])
    frames = torch.stack([caser.pool(caser.mfcc(w.numpy()), MFCC_POOL) for w in levelled])
    with torch.no_grad():
        return frozen(levelled), frames


def way(wave, rng):
    """`wave` as it may reach a microphone, float32: spoken faster or slower, in noise, across a room, over a telephone.
    Its length may change by a tenth."""
    if rng.random() < 0.4:
        wave = conditions.faster(wave, rng.choice([0.9, 0.95, 1.05, 1.1]))
    if rng.random() < 0.3:
        wave = conditions.room(wave, rng, rt60_s=rng.uniform(0.2, 0.8), direct_db=rng.uniform(-3, 9))
    if rng.random() < 0.6:
        wave = conditions.mixed(wave, corpora.noise(len(wave), rng), rng.uniform(3, 30), rng)
    if rng.random() < 0.25:
        wave = conditions.telephone(wave)
    return wave


def window(clips, index, variant, companions):
    """The window of clip `index` in `variant`; `companions`: indices of the same speaker in the same emotion."""
    wave = corpora.read_wave(clips[index].path)
    if variant == MIDDLE:
        return corpora.middle_window(wave)
    rng = np.random.default_rng((variant, index))
    if variant != STREAM:
        wave = way(corpora.trim(wave), rng)
        if rng.random() < 0.5:
            return corpora.placed_window(wave, rng)
    others = rng.choice(companions, size=2)
    waves = [wave] + [corpora.read_wave(clips[i].path) for i in others]
    return corpora.stream_window([waves[i] for i in rng.permutation(3)], rng)


def key(corpora_folder, encoder):
    """Names the cache by all that decides its content."""
    digest = hashlib.sha256(json.dumps([RECIPE, LEVEL_DBFS, FROZEN, TAP_POOL, MFCC_POOL, VARIANTS]).encode())
    for path in (Path(corpora_folder) / "manifest.csv", Path(encoder)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def compute(clips, encoder, folder, variants=range(len(VARIANTS)), report=print):
    """Fills `folder` with float16 [N, 75, 512] and [N, 37, 40] of the variants; `read` gives them back."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    groups = {}
    for i, clip in enumerate(clips):
        groups.setdefault((clip.speaker, clip.emotion), []).append(i)
    frozen = None
    for v in variants:
        progress = folder / f"progress.{v}.json"
        done = json.loads(progress.read_text()) if progress.exists() else 0
        if done == len(clips):
            continue
        frozen = frozen or load_frozen(encoder)
        arrays = []
        for name, shape in (("stream", (FRAMES, WIDTH)), ("mfcc", (STEPS, COEFFICIENTS))):
            path = folder / f"{name}.{v}.npy"
            mode = {"mode": "r+"} if path.exists() else {"mode": "w+", "dtype": np.float16, "shape": (len(clips), *shape)}
            arrays.append(np.lib.format.open_memmap(path, **mode))
        for start in range(done, len(clips), BATCH):
            end = min(start + BATCH, len(clips))
            windows = [window(clips, i, v, groups[clips[i].speaker, clips[i].emotion]) for i in range(start, end)]
            for array, values in zip(arrays, front_ends(frozen, np.stack(windows))):
                array[start:end] = values.numpy()
            if start // BATCH % 16 == 0 or end == len(clips):
                [array.flush() for array in arrays]
                progress.write_text(json.dumps(end))
                report(f"features: {VARIANTS[v]}: {end}/{len(clips)}")


def read(folder):
    """(streams, mfccs) by variant, memory-mapped."""
    return [[np.load(Path(folder) / f"{n}.{v}.npy", mmap_mode="r") for v in range(len(VARIANTS))]
            for n in ("stream", "mfcc")]


if __name__ == "__main__":
    import sys

    torch.set_num_threads(1)
    folder, encoder, *only = sys.argv[1:]
    compute(corpora.read_manifest(folder), encoder, Path(__file__).parent / "cache" / key(folder, encoder),
            [int(v) for v in only] or range(len(VARIANTS)), report=lambda s: print(s, flush=True))
