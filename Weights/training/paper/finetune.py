"""Training of one fold: CA-SER and its wav2vec 2.0 together, with early stopping on the validation speakers.

Every epoch is seeded by (seed, fold, epoch) and ends with a checkpoint, so that a run that was stopped continues as if
it had not been. The clips of a batch are processed one by one and their gradients are summed. This equals a batch
without padding, since no layer mixes clips, and needs no masks.
"""
import copy
import hashlib
import os
from dataclasses import dataclass

import numpy as np
import soundfile
import torch
from torch.nn import functional as F
from tqdm import tqdm

import caser
import metrics


@dataclass(frozen=True)
class Recipe:
    rate: float = 4e-5              # AdamW, constant
    batch: int = 2
    accumulate: int = 4
    epochs: int = 20
    patience: int = 5               # epochs without a better UAR of the validation speakers; not given in the paper
    dropout: float = 0.1            # of the head; not given in the paper
    train_seconds: float = 8.0      # length at which training clips are cut (paper); tests: 13 s as in the authors' code
    seed: int = 1


class Clips(torch.utils.data.Dataset):
    """A dataset of (normalised wave [T], MFCC [F, 40], label) of utterances, cut at `seconds` and tiled to 3 s."""

    def __init__(self, utterances, seconds=None):
        self.utterances, self.seconds = utterances, seconds

    def __len__(self):
        return len(self.utterances)

    def __getitem__(self, index):
        utterance = self.utterances[index]
        wave, rate = soundfile.read(utterance.path, dtype="float32", always_2d=True)
        if rate != caser.SAMPLE_RATE:
            raise SystemExit(f"{utterance.path} is at {rate} Hz; IEMOCAP is at {caser.SAMPLE_RATE} Hz")
        wave = torch.from_numpy(wave.mean(1))
        if self.seconds:
            wave = wave[: round(self.seconds * caser.SAMPLE_RATE)]
        wave = caser.tile(wave)
        return caser.normalise(wave), caser.mfcc(wave.numpy()), utterance.emotion


def loader(clips, workers, generator=None):
    return torch.utils.data.DataLoader(
        clips, batch_size=None, shuffle=generator is not None, generator=generator, num_workers=workers)


def seed_of(*parts):
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:6], "big")


@torch.no_grad()
def logits(model, clips, device, workers, title):
    """The logits of `clips`, float32 [N, 4], and their labels [N]."""
    model.eval()
    out, truth = [], []
    for wave, frames, label in tqdm(loader(clips, workers), desc=title, leave=False, disable=None):
        out.append(model(wave[None].to(device), frames[None].to(device))[0].cpu().numpy())
        truth.append(label)
    return np.stack(out), truth


def epoch(model, optimiser, clips, recipe, seed, device, workers, title):
    """Trains for one pass over `clips`; returns the mean loss."""
    model.train()
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    together, total, optimiser_step = recipe.batch * recipe.accumulate, 0.0, 0
    optimiser.zero_grad()
    batches = tqdm(loader(clips, workers, generator), desc=title, leave=False, disable=None)
    for i, (wave, frames, label) in enumerate(batches):
        # The last update of an epoch may have fewer clips; the gradient of each update is the mean over its own clips.
        size = min(together, len(clips) - optimiser_step * together)
        answer = model(wave[None].to(device), frames[None].to(device))
        loss = F.cross_entropy(answer, torch.tensor([label], device=device))
        (loss / size).backward()
        total += loss.item()
        if i + 1 == optimiser_step * together + size:
            optimiser.step()
            optimiser.zero_grad()
            optimiser_step += 1
    return total / len(clips)


def save(path, content):
    """Writes a checkpoint atomically."""
    part = path.with_suffix(".part")
    torch.save(content, part)
    os.replace(part, path)


def run(build, utterances, fold, recipe, folder, device, workers=0, say=print, stop_after=None):
    """Trains and tests `fold`. Returns the figures of the tested utterances by the best epoch, or None if the call
    ended after `stop_after` epochs, which a test uses to interrupt a run.

    `build`: a function that creates the untrained CASER. `folder` receives the checkpoints `FOLD.last.pt` (to continue)
    and `FOLD.pt` (the best epoch, which `emoscope weights import` reads).
    """
    pick = lambda indices, seconds=None: Clips([utterances[i] for i in indices], seconds)
    last, best = folder / f"{fold.name}.last.pt", folder / f"{fold.name}.pt"
    torch.manual_seed(seed_of(recipe.seed, fold.name, "start"))
    model = build().to(device)
    optimiser = torch.optim.AdamW(model.parameters(), lr=recipe.rate)
    state = {"epoch": 0, "best": -1.0, "best_epoch": 0, "losses": []}
    if last.exists():
        kept = torch.load(last, map_location=device, weights_only=True)
        model.load_state_dict(kept["model"])
        optimiser.load_state_dict(kept["optimiser"])
        state = kept["state"]
    started = state["epoch"]
    while state["epoch"] < recipe.epochs and state["epoch"] - state["best_epoch"] < recipe.patience:
        if stop_after is not None and state["epoch"] - started >= stop_after:
            return None
        number = state["epoch"] = state["epoch"] + 1
        seed, title = seed_of(recipe.seed, fold.name, number), f"fold {fold.name}, epoch {number}"
        loss = epoch(model, optimiser, pick(fold.train, recipe.train_seconds), recipe, seed, device, workers, title)
        answers, truth = logits(model, pick(fold.validation), device, workers, f"{title}, validation")
        uar = metrics.report(truth, answers)["uar"]
        state["losses"].append(loss)
        if uar > state["best"]:
            state["best"], state["best_epoch"] = uar, number
            save(best, {"model_state_dict": copy.deepcopy(model.state_dict()), "epoch": number})
        save(last, {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "state": state})
        say(f"{title}: loss {loss:.4f}, validation UAR {uar:.4f} (best {state['best']:.4f} of epoch {state['best_epoch']})")
    model.load_state_dict(torch.load(best, map_location=device, weights_only=True)["model_state_dict"])
    answers, truth = logits(model, pick(fold.test), device, workers, f"fold {fold.name}, test")
    last.unlink()
    return metrics.report(truth, answers) | {"epoch": state["best_epoch"], "losses": state["losses"]}
