"""Runs the paper's experiment on IEMOCAP: CA-SER over wav2vec 2.0 base, 5 folds by session and 10 by speaker.

    Weights/training/paper/run IEMOCAP WAV2VEC2          WAV2VEC2: a folder with Hugging Face's facebook/wav2vec2-base
    Weights/training/paper/run --tiny                    a made-up tree and a tiny network: tests the code, a minute

There are 5,531 utterances, with excited merged into happy. wav2vec 2.0 is trained with CA-SER by AdamW at 4e-5, with
batches of 2 and 4 of them accumulated, for at most 20 epochs with early stopping. A run that was stopped continues
where it was; other settings need another --out.
"""
import argparse
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

import torch

import caser
from paper import finetune, iemocap, made_tree, tables

HERE = Path(__file__).resolve().parent
TAP = 9                              # the paper's layer; blocks 10 to 12 are not needed and so left out
CROSS_HEADS = 4                      # in the authors' cross-validation run (8 in their published package)
# Layerdrop is off: with a skipped layer, transformers lists one hidden state less, and the tap would select another
# layer.
WHOLE = {"layerdrop": 0.0}
TINY_SSL = WHOLE | {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64,
                    "conv_dim": (16,) * 7, "num_conv_pos_embeddings": 16, "num_conv_pos_embedding_groups": 4}
TINY_HEAD = {"d": 32, "hidden": 16, "inner": 16, "feed_forward": 64}


def network(wav2vec2, dropout):
    """A CASER with the paper's sizes over the pretrained encoder in the folder `wav2vec2`; if that is None, a tiny
    random one."""
    if wav2vec2 is None:
        tap = caser.Wav2Vec2Tap(TINY_SSL["num_hidden_layers"], **TINY_SSL)
        return caser.CASER(tap, heads=CROSS_HEADS, dropout=dropout, **TINY_HEAD)
    from transformers import Wav2Vec2Model

    encoder = Wav2Vec2Model.from_pretrained(wav2vec2, num_hidden_layers=TAP, apply_spec_augment=False, **WHOLE)
    # The tap is created with a tiny encoder, which the full one replaces, so that the full one is created only once.
    tap = caser.Wav2Vec2Tap(TAP, **TINY_SSL)
    tap.wav2vec, tap.width, tap.heads = encoder, encoder.config.hidden_size, encoder.config.num_attention_heads
    return caser.CASER(tap, heads=CROSS_HEADS, dropout=dropout)


def keep_settings(folder, settings):
    """Writes `settings` into `folder`; exits if it already contains other settings."""
    path, text = folder / "settings.json", json.dumps(settings, indent=1) + "\n"
    if path.exists() and path.read_text() != text:
        raise SystemExit(f"{folder} was begun with other settings or data (see {path}); choose another --out")
    path.write_text(text)


def run(utterances, build, recipe, protocols, folder, device, workers, settings, say):
    """Runs all folds and returns {protocol: {fold: report}}; the reports of finished folds are read from files."""
    folder.mkdir(parents=True, exist_ok=True)
    keep_settings(folder, settings)
    results = {}
    for protocol in protocols:
        place = folder / protocol
        place.mkdir(exist_ok=True)
        results[protocol] = {}
        for fold in iemocap.folds(utterances, protocol):
            done = place / f"{fold.name}.json"
            if not done.exists():
                figures = finetune.run(build, utterances, fold, recipe, place, device, workers, say)
                done.with_suffix(".part").write_text(json.dumps(figures) + "\n")
                done.with_suffix(".part").rename(done)
            results[protocol][fold.name] = figures = json.loads(done.read_text())
            say(f"fold {fold.name}: UAR {100 * figures['uar']:.2f} %, accuracy {100 * figures['accuracy']:.2f} %")
        say("\n" + tables.fold_table(protocol, results[protocol]) + "\n")
    say(tables.comparison(results))
    return results


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("iemocap", nargs="?", type=Path, help="the folder that holds Session1 to Session5")
    parser.add_argument("wav2vec2", nargs="?", type=Path, help="the folder of facebook/wav2vec2-base (config.json and weights)")
    parser.add_argument("--tiny", action="store_true", help="made data, a tiny random network, one epoch")
    parser.add_argument("--protocol", nargs="+", choices=tuple(tables.PUBLISHED), default=tuple(tables.PUBLISHED))
    parser.add_argument("--out", type=Path, help="folder of checkpoints and results (runs/paper, or a passing one if tiny)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--workers", type=int, default=2, help="processes that read clips")
    options = parser.parse_args(arguments)
    if options.tiny == (options.wav2vec2 is not None):
        parser.error("give IEMOCAP and WAV2VEC2, or --tiny alone")
    say = lambda line: print(line, flush=True)

    with tempfile.TemporaryDirectory() as passing:
        folder = options.iemocap
        if options.tiny:
            folder = Path(passing) / "iemocap"
            made_tree.make(folder)
        utterances = iemocap.read(folder)
        if not options.tiny and len(utterances) != iemocap.UTTERANCES:
            raise SystemExit(f"{folder} has {len(utterances)} utterances of the four classes, the whole corpus "
                             f"{iemocap.UTTERANCES}; the table can only be reproduced with all of them")
        say(f"{len(utterances)} utterances, {len({u.speaker for u in utterances})} speakers, on {options.device}")
        recipe = finetune.Recipe(seed=options.seed, **({"epochs": 1} if options.tiny else {}))
        settings = {"recipe": asdict(recipe), "tiny": options.tiny, "utterances": len(utterances),
                    "wav2vec2": str(options.wav2vec2 and options.wav2vec2.resolve())}
        out = options.out or (Path(passing) / "runs" if options.tiny else HERE.parent / "runs" / "paper")
        run(utterances, lambda: network(options.wav2vec2, recipe.dropout), recipe, options.protocol, out,
            options.device, 0 if options.tiny else options.workers, settings, say)


if __name__ == "__main__":
    main()
