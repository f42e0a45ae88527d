"""Both front ends of every clip, computed once and kept in `cache/`.

Variant 0 is the protocol's window; the others are windows as a live stream cuts them (`corpora.placed_window`,
`corpora.stream_window`), drawn with a seed of clip and variant. A run that was stopped goes on where it was.
"""
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

import caser
import corpora

LEVEL_DBFS = -26.0
TAP, ENCODER_HEADS, MFCC_POOL = 3, 8, 2
VARIANTS = 3                   # the protocol's window, one placed, one cut from a turn
FRAMES, WIDTH, COEFFICIENTS = 150, 512, 40
BATCH = 16
RECIPE = 1                     # raise it when windows or front ends change: it names the cache


def load_tap(encoder):
    """Whisper's first blocks from the encoder file, in float32."""
    return caser.WhisperTap(load_file(encoder), layer=TAP, heads=ENCODER_HEADS)


def front_ends(tap, windows):
    """float32 [B, T] windows -> tap [B, T // 320, 512] and pooled MFCC [B, T // 320, 40], after levelling."""
    levelled = torch.stack([caser.level(torch.as_tensor(w), LEVEL_DBFS) for w in windows])
    frames = torch.stack([caser.pool(caser.mfcc(w.numpy()), MFCC_POOL) for w in levelled])
    with torch.no_grad():
        return tap(levelled), frames


def window(clips, index, variant, companions):
    """The window of clip `index` in `variant`; `companions`: indices of the same speaker in the same emotion."""
    wave = corpora.read_wave(clips[index].path)
    if variant == 0:
        return corpora.middle_window(wave)
    rng = np.random.default_rng((variant, index))
    if variant == 1:
        return corpora.placed_window(wave, rng)
    others = rng.choice(companions, size=2)
    waves = [wave] + [corpora.read_wave(clips[i].path) for i in others]
    return corpora.stream_window([waves[i] for i in rng.permutation(3)], rng)


def key(corpora_folder, encoder):
    """Names the cache by all that decides its content."""
    digest = hashlib.sha256(json.dumps([RECIPE, LEVEL_DBFS, TAP, MFCC_POOL]).encode())
    for path in (Path(corpora_folder) / "manifest.csv", Path(encoder)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def compute(clips, encoder, folder, variants=VARIANTS, report=print):
    """Fills `folder` and returns (tap, mfcc): per variant, memory-mapped float16 [N, 150, 512] and [N, 150, 40]."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    groups = {}
    for i, clip in enumerate(clips):
        groups.setdefault((clip.speaker, clip.emotion), []).append(i)
    tap, progress = None, folder / "progress.json"
    done = json.loads(progress.read_text()) if progress.exists() else {}
    taps, mfccs = [], []
    for v in range(variants):
        arrays = []
        for name, width in (("tap", WIDTH), ("mfcc", COEFFICIENTS)):
            path, shape = folder / f"{name}.{v}.npy", (len(clips), FRAMES, width)
            mode = {"mode": "r+"} if path.exists() else {"mode": "w+", "dtype": np.float16, "shape": shape}
            arrays.append(np.lib.format.open_memmap(path, **mode))
        for start in range(done.get(str(v), 0), len(clips), BATCH):
            tap = tap or load_tap(encoder)
            rows = range(start, min(start + BATCH, len(clips)))
            windows = [window(clips, i, v, groups[clips[i].speaker, clips[i].emotion]) for i in rows]
            for array, values in zip(arrays, front_ends(tap, np.stack(windows))):
                array[start : rows[-1] + 1] = values.numpy()
            done[str(v)] = rows[-1] + 1
            if start // BATCH % 16 == 0 or done[str(v)] == len(clips):
                [array.flush() for array in arrays]
                progress.write_text(json.dumps(done))
                report(f"features: variant {v}: {done[str(v)]}/{len(clips)}")
        taps.append(arrays[0])
        mfccs.append(arrays[1])
    return taps, mfccs


if __name__ == "__main__":
    import sys

    torch.set_num_threads(2)
    folder, encoder = sys.argv[1:3]
    compute(corpora.read_manifest(folder), encoder, Path(__file__).parent / "cache" / key(folder, encoder),
            report=lambda s: print(s, flush=True))
