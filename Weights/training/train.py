"""Trains the head of the shipped weights: one run on everybody but the conversation's speakers, one a fold by speaker,
one a corpus left out.

    python train.py --corpora DIR --encoder whisper-base-encoder-fp16.safetensors

From a folder with manifest.csv and Whisper's encoder this writes Weights/emoscope.safetensors and
Weights/training/results.json. Features are kept in cache/, a checkpoint an epoch in runs/: started again it
goes on where it was stopped. The recipe below was fixed before the folds ran; nothing is chosen on a fold.
"""
import argparse
import concurrent.futures
import hashlib
import json
import math
import multiprocessing
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import caser
import corpora
import features
import metrics
import ship

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Recipe:
    d: int = 256                      # width of the fused sequence
    hidden: int = 128                 # of each direction of the BiLSTM
    inner: int = 128                  # of the cross-attention
    heads: int = 4
    feed_forward: int = 512
    dropout: float = 0.25
    epochs: int = 8
    steps: int = 40                   # an epoch
    batch: int = 64
    learning_rate: float = 1e-3
    weight_decay: float = 0.05
    label_smoothing: float = 0.1
    shares: tuple = (("emodb", 0.25), ("nemo", 0.45), ("ravdess", 0.30))      # of a batch, by corpus
    variants: tuple = (0.4, 0.3, 0.3)                                          # of a batch, by kind of window
    mixed: float = 0.3                # share of windows mixed with another one
    spliced: float = 0.3              # share of windows whose end is another one's: a change of turn
    masked: float = 0.5               # share of windows with up to 0.5 s of each branch blanked

    def model(self):
        return caser.CASER(width=features.WIDTH, d=self.d, hidden=self.hidden, inner=self.inner, heads=self.heads,
                           feed_forward=self.feed_forward, tap_norm=True, mfcc_pool=1)

    def key(self, seed):
        return hashlib.sha256(json.dumps([asdict(self), seed, features.RECIPE]).encode()).hexdigest()[:8]


class ChannelDropout(nn.Module):
    """Dropout whose mask is one for all frames of a window: what a frame loses its neighbours cannot tell it."""

    def __init__(self, probability):
        super().__init__()
        self.probability = probability

    def forward(self, x):
        if not self.training:
            return x
        kept = torch.rand(x.shape[0], 1, x.shape[2]) > self.probability
        return x * (kept / (1 - self.probability))


def with_channel_dropout(module, probability):
    """`module` with each nn.Dropout in it replaced; parameters and their names stay."""
    for name, child in module.named_children():
        if isinstance(child, nn.Dropout):
            setattr(module, name, ChannelDropout(probability))
        else:
            with_channel_dropout(child, probability)
    return module


class Sampler:
    """Draws batches: a corpus by its share, then a class, a clip and a window evenly."""

    def __init__(self, recipe, clips, indices, taps, mfccs):
        self.recipe, self.taps, self.mfccs = recipe, taps, mfccs
        self.labels = np.array([c.emotion for c in clips])
        self.cells = {}
        for i in indices:
            self.cells.setdefault(clips[i].corpus, {}).setdefault(clips[i].emotion, []).append(i)
        self.names = [n for n, _ in recipe.shares if n in self.cells]
        shares = np.array([s for n, s in recipe.shares if n in self.cells])
        self.shares = shares / shares.sum()

    def batch(self, rng):
        """(tap [B, 150, 512], MFCC [B, 150, 40], targets [B, 4]), mixed, spliced and masked."""
        r = self.recipe
        rows = []
        for name in rng.choice(self.names, size=r.batch, p=self.shares):
            classes = self.cells[name]
            rows.append(rng.choice(classes[rng.choice(sorted(classes))]))
        kinds = rng.choice(len(r.variants), size=r.batch, p=r.variants)
        ssl = torch.from_numpy(np.stack([self.taps[v][i] for v, i in zip(kinds, rows)])).float()
        frames = torch.from_numpy(np.stack([self.mfccs[v][i] for v, i in zip(kinds, rows)])).float()
        targets = F.one_hot(torch.from_numpy(self.labels[rows]), len(caser.LABELS)).float()

        # How much of each frame is the window's own; the rest is another window's. A target follows the shares.
        own = np.ones((r.batch, features.FRAMES), np.float32)
        for row, draw in zip(own, rng.random(r.batch)):
            if draw < r.mixed:
                row[:] = max(lam := rng.beta(0.5, 0.5), 1 - lam)
            elif draw < r.mixed + r.spliced:
                row[rng.integers(features.FRAMES // 5, features.FRAMES) :] = 0
        own, other = torch.from_numpy(own), torch.from_numpy(rng.permutation(r.batch))
        share = own.mean(1, keepdim=True)
        targets = share * targets + (1 - share) * targets[other]
        ssl, frames = (own[..., None] * x + (1 - own[..., None]) * x[other] for x in (ssl, frames))
        for x in (ssl, frames):
            for row in np.flatnonzero(rng.random(r.batch) < r.masked):
                length = rng.integers(5, 26)
                start = rng.integers(0, features.FRAMES - length + 1)
                x[row, start : start + length] = x[row].mean(0)
        return ssl, frames, targets


def predict(model, taps, mfccs, indices, batch=128):
    """Logits [N, 4] of one variant's windows."""
    model.eval()
    out = []
    with torch.no_grad():
        for start in range(0, len(indices), batch):
            rows = indices[start : start + batch]
            ssl, frames = (torch.from_numpy(np.stack([a[i] for i in rows])).float() for a in (taps, mfccs))
            out.append(model.fuse(ssl, frames)["logits"].numpy())
    return np.concatenate(out)


def fit(name, recipe, clips, indices, arrays, seed, folder, say=print):
    """Trains on the clips `indices` for the recipe's epochs; returns the model. Goes on from runs/."""
    checkpoint = folder / f"{name}.pt"
    torch.manual_seed(seed)
    model = with_channel_dropout(recipe.model(), recipe.dropout)
    decayed = [p for p in model.parameters() if p.dim() > 1]
    plain = [p for p in model.parameters() if p.dim() <= 1]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": recipe.weight_decay}, {"params": plain, "weight_decay": 0.0}],
        lr=recipe.learning_rate,
    )
    total, warm = recipe.epochs * recipe.steps, recipe.steps
    rate = lambda s: min(1, (s + 1) / warm) * 0.5 * (1 + math.cos(math.pi * min(1, s / total)))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate)
    first = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        schedule.load_state_dict(saved["schedule"])
        first = saved["epoch"]
    sampler = Sampler(recipe, clips, indices, *arrays)
    for epoch in range(first, recipe.epochs):
        torch.manual_seed(seed * 1000 + epoch)
        rng = np.random.default_rng((seed, epoch))
        model.train()
        losses, began = [], time.time()
        for _ in range(recipe.steps):
            ssl, frames, targets = sampler.batch(rng)
            logits = model.fuse(ssl, frames)["logits"]
            loss = F.cross_entropy(logits, targets, label_smoothing=recipe.label_smoothing)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        saved = {"model": model.state_dict(), "optimiser": optimiser.state_dict(),
                 "schedule": schedule.state_dict(), "epoch": epoch + 1}
        torch.save(saved, checkpoint.with_suffix(".part"))
        os.replace(checkpoint.with_suffix(".part"), checkpoint)
        say(f"{name}: epoch {epoch + 1}/{recipe.epochs}, loss {np.mean(losses):.3f}, {time.time() - began:.0f} s")
    return model.eval()


def train_without(name, recipe, corpora_folder, cache, seed, folder, threads):
    """One run, in its own process: `name` is "shipped", a fold's number or a corpus, and says who is held out. Returns
    it with the held-out clips and their logits on two kinds of window."""
    torch.set_num_threads(threads)
    clips = corpora.read_manifest(corpora_folder)
    arrays = open_features(cache)
    folds = corpora.fold_of_speakers(clips)
    if name == "shipped":
        is_out = lambda clip: clip.speaker in corpora.CONVERSATION_SPEAKERS
    elif isinstance(name, int):
        is_out = lambda clip: folds[clip.speaker] == name
    else:
        is_out = lambda clip: clip.corpus == name
    held = [i for i, c in enumerate(clips) if is_out(c)]
    train = [i for i, c in enumerate(clips) if not is_out(c)]
    run = f"fold{name}" if isinstance(name, int) else name
    model = fit(run, recipe, clips, train, arrays, seed, folder, lambda s: print(s, flush=True))
    return name, held, [predict(model, arrays[0][v], arrays[1][v], held) for v in (0, 2)]


def open_features(cache):
    """(taps, mfccs) by variant, memory-mapped."""
    return [[np.load(cache / f"{n}.{v}.npy", mmap_mode="r") for v in range(features.VARIANTS)] for n in ("tap", "mfcc")]


def summarise(clips, done):
    """The folds' figures: by corpus, on the protocol's window and on windows cut from turns."""
    summary = {}
    for w, kind in enumerate(("middle_window", "stream_window")):
        for corpus in sorted({c.corpus for c in clips}):
            by_fold, truth, logits = {}, [], []
            for fold, held, out in sorted(done, key=lambda d: d[0]):
                rows = [r for r, i in enumerate(held) if clips[i].corpus == corpus]
                t = [clips[held[r]].emotion for r in rows]
                by_fold[str(fold)] = {
                    "speakers": sorted({clips[held[r]].speaker for r in rows}), **metrics.report(t, out[w][rows])
                }
                truth += t
                logits.append(out[w][rows])
            uars = [f["uar"] for f in by_fold.values()]
            summary.setdefault(kind, {})[corpus] = {
                "all_folds": metrics.report(truth, np.concatenate(logits)),
                "uar_mean_of_folds": round(float(np.mean(uars)), 4),
                "uar_spread_of_folds": round(float(np.std(uars, ddof=1)), 4) if len(uars) > 1 else None,
                "by_fold": by_fold,
            }
    return summary


def summarise_corpus(clips, held, logits):
    """The figures of a corpus that was left out."""
    truth = [clips[i].emotion for i in held]
    return {"middle_window": metrics.report(truth, logits[0]), "stream_window": metrics.report(truth, logits[1])}


def deliver(options, recipe, clips, held, logits, checkpoint, results):
    """Writes the file of weights, and its figures into `results`."""
    model = recipe.model()
    model.load_state_dict(torch.load(checkpoint, weights_only=True)["model"])
    ship.write(options.out, model.eval(), options.encoder, recipe.heads)
    truth = [clips[i].emotion for i in held]
    results["shipped"] = {
        "sha256": hashlib.sha256(options.out.read_bytes()).hexdigest(),
        "training_clips": len(clips) - len(held),
        "held_out_speakers": corpora.CONVERSATION_SPEAKERS,
        "middle_window": metrics.report(truth, logits[0]),
        "stream_window": metrics.report(truth, logits[1]),
        "conversation": ship.demonstrate(options.conversation, model, options.encoder),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", required=True, type=Path, help="the folder that holds manifest.csv")
    parser.add_argument("--encoder", required=True, type=Path, help="Whisper base's encoder, OpenAI's names, fp16")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="runs trained at once")
    parser.add_argument("--parts", nargs="+", choices=("ship", "folds", "corpora"),
                        default=("ship", "folds", "corpora"))
    parser.add_argument("--out", type=Path, default=HERE.parent / "emoscope.safetensors")
    parser.add_argument("--conversation", type=Path, default=HERE.parent.parent / "Samples" / "conversation.flac")
    options = parser.parse_args()
    say = lambda line: print(line, flush=True)

    recipe, seed = Recipe(), options.seed
    clips = corpora.read_manifest(options.corpora)
    cache = HERE / "cache" / features.key(options.corpora, options.encoder)
    features.compute(clips, options.encoder, cache, report=say)
    folder = HERE / "runs" / recipe.key(seed)
    folder.mkdir(parents=True, exist_ok=True)
    results_path = HERE / "results.json"
    results = json.loads(results_path.read_text()) if results_path.exists() else {}
    if results.get("key") != recipe.key(seed):
        results = {"key": recipe.key(seed), "seed": seed, "labels": caser.LABELS, "recipe": asdict(recipe)}

    names = ["shipped"] * ("ship" in options.parts) + [*range(corpora.FOLDS)] * ("folds" in options.parts)
    names += sorted({c.corpus for c in clips}) * ("corpora" in options.parts)
    threads = max(1, (os.cpu_count() or 1) // options.jobs)
    done = []
    with concurrent.futures.ProcessPoolExecutor(options.jobs, multiprocessing.get_context("spawn")) as pool:
        jobs = [pool.submit(train_without, n, recipe, options.corpora, cache, seed, folder, threads) for n in names]
        for job in concurrent.futures.as_completed(jobs):
            name, held, logits = job.result()
            if name == "shipped":
                deliver(options, recipe, clips, held, logits, folder / "shipped.pt", results)
                say(f"shipped: {options.out}")
            elif isinstance(name, str):
                results.setdefault("unseen_corpus", {})[name] = summarise_corpus(clips, held, logits)
                say(f"{name} left out: UAR {results['unseen_corpus'][name]['middle_window']['uar']}")
            else:
                done.append((name, held, logits))
                results["folds"] = summarise(clips, done)
                say(f"fold {name}: UAR {metrics.report([clips[i].emotion for i in held], logits[0])['uar']}")
            results_path.write_text(json.dumps(results, indent=1) + "\n")
    if done:
        for corpus, figures in results["folds"]["middle_window"].items():
            say(f"{corpus}: UAR {figures['all_folds']['uar']}, folds {figures['uar_mean_of_folds']} "
                f"± {figures['uar_spread_of_folds']}")


if __name__ == "__main__":
    main()
