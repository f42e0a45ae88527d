"""Networks with random weights, and every stage of their inference, for the engine to be held against."""
import math
import pathlib
import sys

import numpy as np
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "Weights" / "training"))
import caser  # noqa: E402
import export  # noqa: E402

POSITION_CONVOLUTION = "wav2vec_encoder.wav2vec.encoder.pos_conv_embed.conv."
CLIPS = {"short": 1.2, "window": 3.0, "long": 11.0}


def signal(seconds, seed=1):
    """Something like a voice: a gliding pitch with eight harmonics, syllables, a pause, and noise. Float32, 16 kHz.

    The same formula is in Tests/ModelTests/Network/Signal.swift.
    """
    count = round(seconds * caser.SAMPLE_RATE)
    state, mask = seed, (1 << 64) - 1
    noise = np.empty(count)
    for n in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) & mask
        noise[n] = (state >> 40) / (1 << 23) - 1
    t = np.arange(count) / caser.SAMPLE_RATE
    pitch = 120 + 15 * seed + 30 * np.sin(2 * np.pi * 0.7 * t)
    phase = np.cumsum(2 * np.pi * pitch / caser.SAMPLE_RATE)
    envelope = (0.5 - 0.5 * np.cos(2 * np.pi * 2.3 * t)) ** 2
    envelope[(t >= 0.7) & (t < 0.9)] = 0
    voice = sum(np.sin(h * phase) / h for h in range(1, 9))
    return torch.tensor((0.2 * envelope * voice + 0.003 * noise).astype(np.float32))


def randomise(model, seed):
    """Draws biases and gains anew, as the shared reference does, so that every layer matters."""
    torch.manual_seed(seed)
    with torch.no_grad():
        for name, p in model.named_parameters():
            if name.endswith("bias"):
                p.normal_(0, 0.02)
            elif p.dim() == 1:
                p.add_(torch.randn_like(p) * 0.05)
        model.cls_head.weight.mul_(8)
    return model.eval()


def wav2vec2_network(seed, tap=9, sizes=None, **head):
    torch.manual_seed(seed)
    return randomise(caser.CASER(caser.Wav2Vec2Tap(tap, **(sizes or {})), **head), seed)


def whisper_weights(seed, width=512, bands=80, inner=2048, blocks=3, positions=1500):
    """Tensors shaped as those of Whisper's encoder (base by default) up to `blocks` blocks, without key biases."""
    g = torch.Generator().manual_seed(seed)
    draw = lambda *shape: torch.randn(*shape, generator=g)
    weights = {}

    def linear(name, out, *inputs, bias=True):
        weights[name + ".weight"] = draw(out, *inputs) / math.sqrt(math.prod(inputs))
        if bias:
            weights[name + ".bias"] = draw(out) * 0.02

    def norm(name):
        weights[name + ".weight"] = 1 + draw(width) * 0.05
        weights[name + ".bias"] = draw(width) * 0.02

    linear("conv1", width, bands, 3)
    linear("conv2", width, width, 3)
    time = torch.arange(positions)[:, None] * torch.exp(
        -math.log(10_000) / (width // 2 - 1) * torch.arange(width // 2))[None]
    weights["positional_embedding"] = torch.cat((time.sin(), time.cos()), 1)
    for i in range(blocks):
        p = f"blocks.{i}."
        norm(p + "attn_ln")
        for n in ("query", "key", "value", "out"):
            linear(f"{p}attn.{n}", width, width, bias=n != "key")
        norm(p + "mlp_ln")
        linear(p + "mlp.0", inner, width)
        linear(p + "mlp.2", width, inner)
    return weights


def whisper_network(seed, weights, tap=3, encoder_heads=8, mix=None, tap_pool=1, tap_pool_after=None, **head):
    torch.manual_seed(seed)
    encoder = caser.WhisperTap(weights, tap, encoder_heads, mix, tap_pool, tap_pool_after)
    return randomise(caser.CASER(encoder, **head), seed)


def checkpoint(model, spelling):
    """The state dict as the authors' code saves it; `spelling` of the position convolution's weight norm: old | new."""
    state = model.state_dict()
    if spelling == "old":
        state[POSITION_CONVOLUTION + "weight_g"] = state.pop(POSITION_CONVOLUTION + "parametrizations.weight.original0")
        state[POSITION_CONVOLUTION + "weight_v"] = state.pop(POSITION_CONVOLUTION + "parametrizations.weight.original1")
    return state


def engine_tensors(model, with_head=True):
    """What export.save wants: weight norm folded, layers past the tap and what only training needs left out."""
    encoder = model.wav2vec_encoder
    tensors = {}
    for name, value in model.state_dict().items():
        if name.startswith(POSITION_CONVOLUTION + "parametrizations") or name.endswith("masked_spec_embed"):
            continue
        stem = "wav2vec_encoder.wav2vec.encoder.layers."
        if name.startswith(stem) and int(name[len(stem):].split(".")[0]) >= encoder.layer:
            continue
        if with_head or name.startswith("wav2vec_encoder."):
            tensors[name] = value.detach()
    if isinstance(encoder, caser.WhisperTap):
        tensors |= {
            "encoder." + name: value for name, value in encoder.weights.items()
            if not (name.startswith("blocks.") and int(name.split(".")[1]) >= encoder.layer)}
        if encoder.mix:
            tensors["tap_mix"] = torch.tensor(list(encoder.mix.values()))
    else:
        tensors[POSITION_CONVOLUTION + "weight"] = encoder.wav2vec.encoder.pos_conv_embed.conv.weight.detach()
    return tensors


def metadata(model, level=None, with_head=True):
    encoder = model.wav2vec_encoder
    out = {
        "encoder": "whisper" if isinstance(encoder, caser.WhisperTap) else "wav2vec2",
        "tap": encoder.layer,
        "encoder_heads": encoder.heads,
        "tap_norm": "layer" if model.tap_norm else "none",
        "mfcc_pool": model.mfcc_pool,
        "level_dbfs": "none" if level is None else level,
        "provenance": "random numbers, for tests",
        "licence": "CC0-1.0",
    }
    if getattr(encoder, "mix", None):
        out["tap_mix"] = ",".join(map(str, encoder.mix))
    if getattr(encoder, "pool", 1) > 1:
        out["tap_pool"] = encoder.pool
        if encoder.pool_after < encoder.layer:
            out["tap_pool_after"] = encoder.pool_after
    if with_head:
        out |= {"cross_heads": model.coatt.attn.heads, "labels": ",".join(caser.LABELS)}
    return out


@torch.inference_mode()
def stages(model, wave, level=None):
    """wave [T] (already tiled) -> every stage of the inference by the engine's names, each [frames, channels]."""
    out, hooks = {}, []
    wave = wave if level is None else caser.level(wave, level)
    frames = caser.mfcc(wave)
    out["mfcc"] = frames
    encoder = model.wav2vec_encoder
    if isinstance(encoder, caser.WhisperTap):
        record_whisper(encoder, out)
        representation = encoder(wave[None])
        del encoder.convolve, encoder.linear
    else:
        def record(name, module, transpose=False):
            def hook(_, __, result):
                result = result[0] if isinstance(result, tuple) else result
                out[name] = result[0].T if transpose else result[0]
            hooks.append(module.register_forward_hook(hook))
        net = encoder.wav2vec
        for i, layer in enumerate(net.feature_extractor.conv_layers):
            record(f"conv{i + 1}", layer, transpose=True)
        record("features", net.feature_projection.projection)
        record("positions", net.encoder.layer_norm)
        for i, layer in enumerate(net.encoder.layers[:encoder.layer]):
            record(f"block{i + 1}", layer)
        representation = encoder(caser.normalise(wave)[None])
    for hook in hooks:
        hook.remove()
    out |= {name: value[0] for name, value in model.fuse(representation, frames[None]).items()}
    return {name: value.reshape(-1, value.shape[-1]).contiguous().clone() for name, value in out.items()}


def record_whisper(encoder, out):
    """Has `encoder` leave its stages in `out` on its next pass."""
    cls = type(encoder)
    stream = []

    def convolve(x, name, stride):
        if name == "conv1":
            out["log_mel"] = x[0].T
        y = cls.convolve(encoder, x, name, stride)
        out[name] = y[0].T
        if name == "conv2":
            stream.append(y.transpose(1, 2) + encoder.weights["positional_embedding"][: y.shape[-1]])
        return y

    def linear(x, name):
        y = cls.linear(encoder, x, name)
        if name.endswith(("attn.out", "mlp.2")):
            stream.append(stream.pop() + y)
        if name.endswith("mlp.2"):
            block = int(name.split(".")[1]) + 1
            out[f"block{block}"] = stream[0][0]
            if block == encoder.pool_after:
                stream.append(caser.pool(stream.pop(), encoder.pool))
        return y

    encoder.convolve, encoder.linear = convolve, linear
