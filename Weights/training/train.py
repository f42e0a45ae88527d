"""Trains the runs: shipped, six folds by speaker, a corpus left out, open data only, parts left out.

    python train.py --corpora DIR --encoder whisper-base-encoder-fp16.safetensors

A run is trained several times from the same first weights, with other batches and dropout (`Recipe.orders`); the
network of the run has the mean of the resulting weights. A run writes its network (NAME.pt) and its predictions of the
held-out clips (NAME.npz) to runs/. If started again, it continues after its last epoch. `figures.py` and `ship.py` make
the results and the shipped files.
"""
import argparse
import concurrent.futures
import functools
import json
import math
import multiprocessing
import os
import time
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

import corpora
import features
import network
import ordinary
import reference
from recipe import VOICE, Recipe
from sampler import Sampler

HERE = Path(__file__).resolve().parent
SEED = 1
OPEN = "emodb"                          # the corpus in the public domain (CC0)
PREDICTED = (features.MIDDLE, features.STREAM)  # predicted windows of the held-out clips; in a trial the first only
ORDINARY = ("ordinary", "ordinary-channel")     # features of ordinary speech: without and with drawn channels
ABLATION_FOLDS = (0, 1, 3)              # the folds that had no part in the choice of the recipe


@dataclass(frozen=True)
class Run:
    name: str
    recipe: Recipe
    train: tuple                        # indices of clips
    held: tuple
    without: tuple = ()                 # sets of ordinary speech that are held out


def held_out_set(number, sets):
    """The set of ordinary speech that run `number` of a family leaves out; the sets take turns."""
    return (sorted(sets)[number % len(sets)],) if sets else ()


def runs(clips, parts, recipe, sets=()):
    """The runs of `parts`, with their training and held-out clips. Each fold, and each run without a corpus, also
    leaves out one of the `sets` of ordinary speech."""
    folds = corpora.fold_of_speakers(clips)
    every = range(len(clips))

    def run(name, is_out, recipe=recipe, among=lambda clip: True, without=()):
        held = tuple(i for i in every if is_out(clips[i]))
        among_held = set(held)
        return Run(name, recipe, tuple(i for i in every if i not in among_held and among(clips[i])), held, without)

    bundled = lambda clip: clip.speaker in corpora.CONVERSATION_SPEAKERS
    fold = lambda k: lambda clip: folds[clip.speaker] == k
    is_open = lambda clip: clip.corpus == OPEN
    # The open corpus is a tenth of all clips: its runs have half the epochs and one order.
    short = replace(recipe, epochs=recipe.epochs // 2, orders=1)
    out = []
    if "ship" in parts:
        out += [run("shipped", bundled)]
    if "folds" in parts:
        out += [run(f"fold{k}", fold(k), without=held_out_set(k, sets)) for k in range(corpora.FOLDS)]
    if "corpora" in parts:
        out += [run(f"without-{c}", lambda clip, c=c: clip.corpus == c, without=held_out_set(k, sets))
                for k, c in enumerate(corpora.names(clips))]
    if "open" in parts:
        # The other corpora are held out as well, as unseen corpora.
        out += [run("open", lambda clip: bundled(clip) or not is_open(clip), short, is_open)]
        out += [run(f"open-fold{k}", lambda clip, k=k: is_open(clip) and fold(k)(clip), short, is_open)
                for k in range(corpora.FOLDS)]
    if "ablation" in parts:
        out += [run(f"{part.replace(' ', '-')}-fold{k}", fold(k), replace(recipe, parts=part, orders=1, acted=0.0))
                for part in network.PARTS if part != "all" for k in ABLATION_FOLDS]
    return out


class ChannelDropout(nn.Module):
    """Dropout with one mask for all frames of a window, so that a dropped channel cannot be inferred from other
    frames."""

    def __init__(self, probability):
        super().__init__()
        self.probability = probability

    def forward(self, x):
        if not self.training:
            return x
        kept = torch.rand(x.shape[0], 1, x.shape[2]) > self.probability
        return x * (kept / (1 - self.probability))


def with_channel_dropout(module, probability):
    """Replaces each nn.Dropout in `module` by ChannelDropout; parameters and their names are kept."""
    for name, child in module.named_children():
        if isinstance(child, nn.Dropout):
            setattr(module, name, ChannelDropout(probability))
        else:
            with_channel_dropout(child, probability)
    return module


def optimiser_of(model, recipe):
    """AdamW with a lower rate for Whisper's block than for the rest, and without weight decay of vectors."""
    groups = []
    for parameters, rate, decay in (
        (list(model.block.parameters()), recipe.block_rate, recipe.block_decay),
        ([model.mix, *model.head.parameters(), *(model.reference.parameters() if model.reference else ())], recipe.learning_rate, recipe.weight_decay),
    ):
        parameters = [p for p in parameters if p.requires_grad]
        groups += [{"params": [p for p in parameters if p.dim() > 1], "lr": rate, "weight_decay": decay},
                   {"params": [p for p in parameters if p.dim() <= 1], "lr": rate, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups)


def predict(model, streams, mfccs, indices):
    """Logits [N, 4] of the windows `indices` of one variant."""
    return network.in_batches(model, model, (streams, mfccs), indices).numpy()


@dataclass(frozen=True)
class Material:
    """The data of a run's batches: features of the clips and of ordinary speech, and the statistics of references."""
    streams: list
    mfccs: list
    references: reference.References | None = None
    spoken: reference.Spoken | None = None
    mean: torch.Tensor | None = None    # of the references of training voices, [512]
    deviation: torch.Tensor | None = None
    channelled: list | None = None      # clips whose shared channel may be used: its donor is not of a held-out set


def fit(run, seed, order, clips, material, block, checkpoint, say=print):
    """Trains for the recipe's epochs, continuing from `checkpoint`; returns the moving average of the weights, by name.
    `seed` determines the first weights; `seed` and `order`, counted from 0, determine batches and dropout."""
    recipe = run.recipe
    torch.manual_seed(seed)
    model = with_channel_dropout(network.Network(recipe, block, material.mean, material.deviation), recipe.dropout)
    mean = {n: t.clone() for n, t in model.state_dict().items()}
    optimiser = optimiser_of(model, recipe)
    total, warm = recipe.epochs * recipe.steps, recipe.steps
    rate = lambda s: min(1, (s + 1) / warm) * 0.5 * (1 + math.cos(math.pi * min(1, s / total)))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate)
    first = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        if saved["epoch"] == recipe.epochs:
            return saved["mean"]
        model.load_state_dict(saved["model"])
        mean = saved["mean"]
        optimiser.load_state_dict(saved["optimiser"])
        schedule.load_state_dict(saved["schedule"])
        first = saved["epoch"]
    sampler = Sampler(recipe, clips, run.train, material.streams, material.mfccs, material.references, material.spoken,
                      material.channelled)
    prior = recipe.balance * sampler.prior().log()
    for epoch in range(first, recipe.epochs):
        torch.manual_seed((seed + order) * 1000 + epoch)
        rng = np.random.default_rng((seed + order, epoch))
        model.train()
        losses, began = [], time.time()
        for step in range(recipe.steps):
            stream, frames, targets, known = sampler.batch(rng)
            loss = F.cross_entropy(model(stream, frames, known) + prior, targets, label_smoothing=recipe.label_smoothing)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
            done = epoch * recipe.steps + step
            decay = min(recipe.average, (1 + done) / (10 + done))
            for name, value in model.state_dict().items():
                mean[name].lerp_(value, 1 - decay)
        save({"model": model.state_dict(), "mean": mean, "optimiser": optimiser.state_dict(),
              "schedule": schedule.state_dict(), "epoch": epoch + 1}, checkpoint)
        say(f"{run.name}: order {order + 1}/{recipe.orders}, epoch {epoch + 1}/{recipe.epochs}, loss {np.mean(losses):.3f}, "
            f"{time.time() - began:.0f} s")
    save({"mean": mean, "epoch": recipe.epochs}, checkpoint)
    return mean


def mean_of(weights):
    """The mean of the weights of several networks, by name."""
    return {name: torch.stack([w[name] for w in weights]).mean(0) for name in weights[0]}


def interpolated(ordinary, acted, share):
    """The weights of two networks, `share` of them those of `acted`, by name. Both networks were trained from the same
    first weights, so that what lies between them is a network too (Wortsman and others 2022, WiSE-FT)."""
    return {name: torch.lerp(w, acted[name], share) for name, w in ordinary.items()}


def save(what, path):
    """Writes a checkpoint atomically: if the process is killed, the old checkpoint stays intact."""
    torch.save(what, path.with_suffix(".part"))
    os.replace(path.with_suffix(".part"), path)


class Workplace:
    """The shared state of the steps of a training: clips, encoder, recipe, and folders."""

    def __init__(self, options):
        self.seed, self.encoder = options.seed, options.encoder
        self.pieces = pieces_of(options)
        self.recipe = VOICE if self.pieces else Recipe()
        if options.orders:
            self.recipe = replace(self.recipe, orders=options.orders)
        if options.quick:
            self.recipe = replace(self.recipe, orders=2, epochs=2, steps=3, batch=8)
        if options.vary:
            kinds = {f.name: type(f.default) for f in fields(Recipe)}
            split = (text.split("=", 1) for text in options.vary)
            self.recipe = replace(self.recipe, **{k: v if kinds[k] is str else kinds[k](json.loads(v)) for k, v in split})
        self.clips = corpora.read_manifest(options.corpora)
        self.cache = options.work / "cache" / features.key(options.corpora, options.encoder)
        self.ordinary_cache = options.work / "cache" / f"ordinary-{self.cache.name}"
        self.folder = options.work / "runs" / self.recipe.key(self.seed, features.RECIPE)
        self.results = options.work / "results.json"
        self.sets = sorted({p.set for p in self.pieces})
        self.work = options.work
        self.is_trial = bool(getattr(options, "runs", None))

    @staticmethod
    def arguments(description):
        """A parser with the options that all steps share."""
        parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.add_argument("--corpora", required=True, type=Path, help="the folder that holds manifest.csv")
        parser.add_argument("--encoder", required=True, type=Path, help="Whisper base's encoder, OpenAI's names, fp16")
        parser.add_argument("--ordinary", type=Path, help="the folder of ordinary speech; with it, the recipe is `recipe.VOICE`")
        parser.add_argument("--meetings", type=Path, help="a folder of meetings and their .rttm files")
        parser.add_argument("--work", type=Path, default=HERE, help="where cache/, runs/ and results.json are kept")
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--orders", type=int, help="times that a run is trained (default: the recipe's)")
        parser.add_argument("--vary", nargs="+", metavar="FIELD=VALUE", help="another recipe, for a trial")
        parser.add_argument("--quick", action="store_true", help="six steps a run, to test the pipeline")
        return parser

    def tensors(self):
        return load_file(self.encoder)

    def runs(self, *parts):
        return runs(self.clips, parts, self.recipe, self.sets)

    def run(self, name):
        return next(r for r in self.runs(*PARTS) if r.name == name)

    def is_done(self, name):
        path = self.folder / f"{name}.npz"
        return path.exists() and len(np.load(path)["orders"]) >= self.run(name).recipe.orders

    def kept_results(self):
        """The results so far of this recipe's runs."""
        old = json.loads(self.results.read_text()) if self.results.exists() else {}
        return old if old.get("key") == self.folder.name else {"key": self.folder.name}

    def add_results(self, more):
        """Writes `more` over the results of the same name."""
        self.results.write_text(json.dumps(self.kept_results() | more, indent=1) + "\n")

    def network(self, name):
        """The trained network of a finished run."""
        model = network.Network(self.run(name).recipe, network.given_block(self.tensors()))
        model.load_state_dict(torch.load(self.folder / f"{name}.pt", weights_only=True))
        return model.eval()

    def features(self, say=print):
        """Computes the features that are not cached yet."""
        predicted = (features.MIDDLE,) if self.is_trial else PREDICTED
        variants = [v for v, share in enumerate(self.recipe.variants) if share or v in predicted]
        features.compute(self.clips, self.encoder, self.cache, variants, self.pieces, say)
        if self.pieces:
            windows = ordinary.Windows(self.pieces)
            frozen = functools.cache(lambda: features.load_frozen(self.encoder))
            for name in ORDINARY:
                rows = None if name == ORDINARY[0] else windows.channelled()
                make = lambda i, rows=rows: windows.window(i, rows is not None)
                features.fill(self.ordinary_cache, name, len(windows.piece), make, frozen, say, rows)

    def material(self, run):
        """The `Material` of the batches of `run`."""
        variants = range(features.CHANNEL + bool(self.recipe.variants[features.CHANNEL]))
        read = {v: features.kept(self.cache, str(v)) if self.recipe.variants[v] else (None, None) for v in variants}
        streams, mfccs = ([read[v][k] for v in variants] for k in (0, 1))
        if not self.pieces:
            return Material(streams, mfccs)
        windows = ordinary.Windows(self.pieces)
        kinds = [features.kept(self.ordinary_cache, name) for name in ORDINARY]
        rows = (range(len(windows.piece)), windows.channelled())
        kinds = [(stream, frames, reference.means(stream), r) for (stream, frames), r in zip(kinds, rows)]
        spoken = reference.Spoken(windows, run.without, kinds, run.recipe.ordinary_channel)
        shared = features.Channels(self.clips, self.pieces)
        own = {v: reference.means(streams[v]) for v in (features.MIDDLE, features.CHANNEL)}
        train = [i for i in run.train if i in shared.group and shared.donor(i) not in run.without]
        references = reference.References(self.clips, run.train, own, shared.group)
        voices = torch.from_numpy(np.concatenate((references.voices(), spoken.voices())))
        return Material(streams, mfccs, references, spoken, voices.mean(0), voices.std(0) + 1e-3, train)


def pieces_of(options):
    """All pieces of ordinary speech in the folders given by the options."""
    return ((ordinary.read_manifest(options.ordinary) if options.ordinary else [])
            + (ordinary.read_meetings(options.meetings) if options.meetings else []))


def perform(place, run, threads):
    """Performs one run, in a process of its own. It writes NAME.npz with `held`, the indices of the held-out clips,
    `logits` [2, N, 4] of the windows `PREDICTED`, and `orders` [orders, N, 4], the logits of the middle window by the
    weights of each order alone; all without a reference."""
    torch.set_num_threads(threads)
    path, material, share = place.folder / f"{run.name}.npz", place.material(run), run.recipe.acted
    block, say = network.given_block(place.tensors()), lambda s: print(s, flush=True)

    def trained(order):
        checkpoint = path.with_suffix(f".{order + 1}.pt")
        weights = fit(run, place.seed, order, place.clips, material, block, checkpoint, say)
        if not share or material.spoken is None:
            return weights
        alone = replace(run, name=f"{run.name}, acted alone", recipe=replace(run.recipe, ordinary=0.0))
        checkpoint = checkpoint.with_suffix(".acted.pt")
        return interpolated(weights, fit(alone, place.seed, order, place.clips, material, block, checkpoint, say), share)

    weights = [trained(order) for order in range(run.recipe.orders)]
    mean = mean_of(weights)
    model = network.Network(run.recipe, block)
    save(mean, path.with_suffix(".pt"))

    def said(weights, variant):
        model.load_state_dict(weights)
        return predict(model, *features.kept(place.cache, str(variant)), run.held)

    logits = [said(mean, v) for v in (PREDICTED if not place.is_trial else (features.MIDDLE,))]
    orders = [said(w, features.MIDDLE) for w in weights]
    np.savez(path.with_suffix(".part.npz"), held=run.held, logits=np.stack(logits), orders=np.stack(orders))
    os.replace(path.with_suffix(".part.npz"), path)
    right = logits[0].argmax(1) == [place.clips[i].emotion for i in run.held]
    return f"{run.name}: done, accuracy {right.mean():.3f}"


PARTS = ("ship", "folds", "corpora", "open", "ablation")


def main():
    parser = Workplace.arguments(__doc__)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="runs trained at once")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--runs", nargs="+", metavar="NAME", help="these alone, in this order")
    options = parser.parse_args()
    say = lambda line: print(line, flush=True)

    place = Workplace(options)
    place.features(say)
    place.folder.mkdir(parents=True, exist_ok=True)
    chosen = [place.run(name) for name in options.runs] if options.runs else place.runs(*options.parts)
    waiting = [r for r in chosen if not place.is_done(r.name)]
    threads = max(1, (os.cpu_count() or 1) // options.jobs)
    with concurrent.futures.ProcessPoolExecutor(options.jobs, multiprocessing.get_context("spawn")) as pool:
        jobs = [pool.submit(perform, place, run, threads) for run in waiting]
        for job in concurrent.futures.as_completed(jobs):
            say(job.result())


if __name__ == "__main__":
    main()
