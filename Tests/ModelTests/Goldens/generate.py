"""Writes golden values for the engine's tests.

    python generate.py small             the files beside this script that git keeps (about 1 MB)
    python generate.py full DIR [--wav WAV] [--weights FILE]
                                         full-size networks and all their activations (about 4 GB), for scripts/parity;
                                         WAV, a 16 kHz mono recording of 11 s or more, beside the synthetic signal;
                                         FILE, weights in our format over a Whisper tap, besides the random ones

Needs requirements.txt.
"""
import argparse
import pathlib
import shutil

import torch
from safetensors.torch import save_file

import golden_networks
from golden_networks import caser, export

HERE = pathlib.Path(__file__).resolve().parent
SAMPLES = 96        # numbers kept of a stage, spread evenly over it

TINY_WAV2VEC2 = dict(
    conv_dim=(16, 96, 16, 16, 16, 16, 24), hidden_size=32, num_hidden_layers=3, num_attention_heads=4,
    intermediate_size=64, num_conv_pos_embeddings=16, num_conv_pos_embedding_groups=4)
MIX = {1: 0.75, 2: -0.5}
LATE_MIX = {2: 0.75, 3: -0.5}
TINY_HEAD = dict(d=24, hidden=12, inner=16, heads=4, feed_forward=48)


def summarise(stages):
    """Stage -> a few of its numbers; and a line: rows columns step norm greatest."""
    samples, lines = {}, {}
    for name, value in stages.items():
        flat = value.flatten()
        step = max(1, flat.numel() // SAMPLES) | 1      # odd, so that it does not stay in one channel
        samples[name] = flat[::step].clone()
        norm = flat.double().norm().item()
        lines[name] = f"{value.shape[0]} {value.shape[1]} {step} {norm:.9g} {flat.abs().max().item():.9g}"
    return samples, lines


def write_summaries(path, model, level=None, with_head=True):
    tensors, lines = {}, {}
    for clip, seconds in golden_networks.CLIPS.items():
        stages = golden_networks.stages(model, caser.tile(golden_networks.signal(seconds)), level)
        if not with_head:
            stages = {name: stages[name] for name in list(stages)[1 : list(stages).index("ssl") + 1]}
            stages["embedding"] = stages["ssl"].mean(0, keepdim=True)
        samples, about = summarise(stages)
        tensors |= {f"{clip}/{name}": value for name, value in samples.items()}
        lines |= {f"{clip}/{name}": line for name, line in about.items()}
    save_file(tensors, path, lines)


def write_network(stem, model, level=None, half=False, with_head=True):
    """`half` keeps the encoder in half precision, as the shipped file does."""
    tensors = golden_networks.engine_tensors(model, with_head)
    if half:
        tensors = {name: value.half() if name.startswith("encoder.") else value for name, value in tensors.items()}
    export.save(HERE / f"{stem}.safetensors", tensors, golden_networks.metadata(model, level, with_head))
    write_summaries(HERE / f"{stem}.stages.safetensors", model, level, with_head)


def small():
    save_front_ends()
    tiny = golden_networks.wav2vec2_network(0, tap=2, sizes=TINY_WAV2VEC2, **TINY_HEAD)
    write_network("tiny-wav2vec2", tiny)
    for spelling in ("old", "new"):
        torch.save(golden_networks.checkpoint(tiny, spelling), HERE / f"tiny-{spelling}.pt")

    weights = golden_networks.whisper_weights(1, width=24, inner=48, blocks=2, positions=560)
    weights = {name: value.half() for name, value in weights.items()}
    sizes = dict(tap=2, encoder_heads=4, **TINY_HEAD)
    write_network("tiny-whisper", golden_networks.whisper_network(1, weights, **sizes))
    write_network("tiny-encoder", golden_networks.whisper_network(1, weights, **sizes), half=True, with_head=False)
    shipped = golden_networks.whisper_network(2, weights, tap_norm=True, mfcc_pool=2, **sizes)
    write_network("tiny-whisper-shipped", shipped, level=-26.0, half=True)
    mixed = golden_networks.whisper_network(
        3, weights, mix=MIX, tap_norm=True, tap_pool=3, mfcc_pool=4, **sizes)
    write_network("tiny-whisper-mix", mixed, level=-26.0, half=True)
    deeper = golden_networks.whisper_weights(4, width=24, inner=48, blocks=3, positions=560)
    deeper = {name: value.half() for name, value in deeper.items()}
    pooled = golden_networks.whisper_network(
        4, deeper, encoder_heads=4, mix={1: 0.6, **LATE_MIX}, tap_norm=True, tap_pool=4, tap_pool_after=2, mfcc_pool=8,
        **TINY_HEAD)
    write_network("tiny-whisper-pool", pooled, level=-26.0, half=True)

    for seed in (0, 1):
        write_summaries(HERE / f"full-wav2vec2-{seed}.stages.safetensors", golden_networks.wav2vec2_network(seed))


def save_front_ends():
    wave = golden_networks.signal(0.4)
    save_file({
        "wave": wave,
        "mfcc": caser.mfcc(wave).contiguous(),
        "log_mel": caser.log_mel(wave[None])[0].T.contiguous(),
    }, HERE / "front-ends.safetensors")


def full(folder, wav, weights):
    folder.mkdir(parents=True, exist_ok=True)
    clips = {name: golden_networks.signal(s) for name, s in golden_networks.CLIPS.items()}
    if wav:
        import soundfile

        samples, rate = soundfile.read(wav, dtype="float32")
        if samples.ndim != 1 or rate != caser.SAMPLE_RATE or len(samples) < 11 * rate:
            raise SystemExit(f"{wav}: want 16 kHz mono of 11 s or more, got {rate} Hz {samples.shape}")
        clips |= {f"speech-{name}": torch.tensor(samples[: round(s * rate)]) for name, s in golden_networks.CLIPS.items()}
    save_file(clips, folder / "clips.safetensors")
    for seed in (0, 1):
        model = golden_networks.wav2vec2_network(seed)
        for spelling in ("old", "new"):
            torch.save(golden_networks.checkpoint(model, spelling), folder / f"wav2vec2-{seed}-{spelling}.pt")
        write_full(folder, f"wav2vec2-{seed}", model, clips)
        write_full(folder, f"whisper-{seed}", golden_networks.whisper_network(seed, golden_networks.whisper_weights(seed)), clips)
    small_head = dict(d=256, hidden=128, tap_norm=True)
    options = golden_networks.whisper_network(2, golden_networks.whisper_weights(2), mfcc_pool=2, **small_head)
    write_full(folder, "whisper-options", options, clips, level=-26.0)
    mixed = golden_networks.whisper_network(3, golden_networks.whisper_weights(3), mix=MIX, tap_pool=2, mfcc_pool=4, **small_head)
    write_full(folder, "whisper-mix", mixed, clips, level=-26.0)
    pooled = golden_networks.whisper_network(
        4, golden_networks.whisper_weights(4), mix=LATE_MIX, tap_pool=2, tap_pool_after=2, mfcc_pool=8, **small_head)
    write_full(folder, "whisper-pool", pooled, clips, level=-26.0)
    if weights:
        model, level = load(weights)
        shutil.copy(weights, folder / "shipped.safetensors")
        write_stages(folder, "shipped", model, clips, level)


def write_full(folder, stem, model, clips, level=None):
    export.save(folder / f"{stem}.safetensors", golden_networks.engine_tensors(model), golden_networks.metadata(model, level))
    write_stages(folder, stem, model, clips, level)


def write_stages(folder, stem, model, clips, level=None):
    for clip, wave in clips.items():
        save_file(golden_networks.stages(model, caser.tile(wave), level), folder / f"{stem}.{clip}.stages.safetensors")
        print(stem, clip, flush=True)


def load(path):
    """A network over a Whisper tap in our format -> the model and its level."""
    from safetensors import safe_open

    with safe_open(path, "pt") as file:
        about = file.metadata()
        tensors = {name: file.get_tensor(name).float() for name in file.keys()}
    tensors = {name: (t.transpose(1, 2) if t.dim() == 3 else t) for name, t in tensors.items()}
    if about["encoder"] != "whisper" or about["labels"] != ",".join(caser.LABELS):
        raise SystemExit(f"{path}: want a Whisper tap and the labels {caser.LABELS}")
    encoder = {n.removeprefix("encoder."): t for n, t in tensors.items() if n.startswith("encoder.")}
    mix = dict(zip(map(int, about["tap_mix"].split(",")), tensors.pop("tap_mix").tolist())) if "tap_mix" in about else {}
    model = caser.CASER(
        caser.WhisperTap(encoder, int(about["tap"]), int(about["encoder_heads"]), mix, int(about.get("tap_pool", 1)),
                         int(about.get("tap_pool_after", about["tap"]))),
        d=tensors["cls_head.weight"].shape[1], hidden=tensors["mfcc_encoder.lstm.weight_hh_l0"].shape[1],
        inner=tensors["coatt.attn.query.weight"].shape[0], heads=int(about["cross_heads"]),
        feed_forward=tensors["coatt.linear_layers.0.weight"].shape[0],
        tap_norm=about.get("tap_norm") == "layer", mfcc_pool=int(about.get("mfcc_pool", 1))).eval()
    model.load_state_dict({n: t for n, t in tensors.items() if not n.startswith("encoder.")})
    level = about.get("level_dbfs", "none")
    return model, None if level == "none" else float(level)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("small")
    f = commands.add_parser("full")
    f.add_argument("folder", type=pathlib.Path)
    f.add_argument("--wav")
    f.add_argument("--weights")
    a = parser.parse_args()
    small() if a.command == "small" else full(a.folder, a.wav, a.weights)
