"""The CA-SER network in PyTorch: the network that is trained, and the reference for the Swift engine.

It is written to be read beside the paper (Deeb, Savchenko, Makarov: Cross-Attention Feature Fusion for Speech
Emotion Recognition), not to be fast. With `Wav2Vec2Tap` and the default sizes its state dict has the keys and
shapes of the checkpoints that the paper's authors publish (`caser.pt`, 107.54 M parameters). Four options depart
from the paper, for the shipped Whisper-tap weights only: `tap_norm` adds a LayerNorm before the tanh (a Whisper tap
is an un-normalised residual stream that would saturate it), `mfcc_pool` averages MFCC frames in groups before the
BiLSTM, a WhisperTap's `pool` averages its frames, and its `mix` combines several blocks instead of one.
"""
import math

import librosa
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

SAMPLE_RATE = 16_000
MIN_SAMPLES = 3 * SAMPLE_RATE       # shorter clips are tiled whole until they reach 3 s
MAX_SAMPLES = 13 * SAMPLE_RATE      # longer clips are cut at 13 s, as in the authors' inference code
LABELS = ("happy", "angry", "neutral", "sad")


def tile(wave):
    """[T] -> [T' >= 3 s]: a clip cut at 13 s, then repeated whole until it has at least 3 s."""
    wave = wave[:MAX_SAMPLES]
    out = wave
    while out.shape[0] < MIN_SAMPLES:
        out = torch.cat((out, wave))
    return out


def level(wave, dbfs):
    """[T] -> [T]: the wave scaled so that its RMS is `dbfs` (dB re full scale 1.0); silence is not changed."""
    rms = wave.square().mean().sqrt()
    return wave if rms < 1e-6 else wave * (10 ** (dbfs / 20) / rms)


def normalise(wave):
    """[T] -> [T]: zero mean, unit variance, as Wav2Vec2FeatureExtractor does."""
    return (wave - wave.mean()) / torch.sqrt(wave.var(unbiased=False) + 1e-7)


def mfcc(wave, hop=160):
    """[T] -> [1 + T // 160, 40]: pre-emphasis 0.97 with zero initial state, then librosa's MFCC.

    librosa's defaults hold: n_fft 2048, periodic Hann, centred, zero padding, 128 mel bands, Slaney area
    norm with the HTK mel scale, power_to_db with top_db 80 over the whole clip, orthonormal DCT-II.
    """
    emphasised = librosa.effects.preemphasis(np.asarray(wave), zi=[0.0])
    return torch.tensor(
        librosa.feature.mfcc(y=emphasised, sr=SAMPLE_RATE, n_mfcc=40, hop_length=hop, htk=True).T
    )


def pool(frames, size):
    """[F, C] -> [F // size, C]: the mean of each `size` consecutive frames, the remainder dropped."""
    if size == 1:
        return frames
    whole = frames.shape[-2] // size
    return frames[..., : whole * size, :].unflatten(-2, (whole, size)).mean(-2)


def mixed(streams, weights):
    """The weighted sum of residual streams [..., width], each standardised over its channels."""
    return sum(w * F.layer_norm(x, x.shape[-1:]) for x, w in zip(streams, weights))


def log_mel(wave):
    """[B, T] -> [B, 80, T // 160]: Whisper's front end over just this clip, not padded to 30 s.

    n_fft 400, hop 160, periodic Hann, centred with reflection, last frame dropped; power; 80 Slaney mel
    bands; log10 floored at 1e-10; clamped to 8 under the clip's own maximum; (x + 4) / 4.
    """
    bands = torch.tensor(librosa.filters.mel(sr=SAMPLE_RATE, n_fft=400, n_mels=80))
    power = torch.stft(wave, 400, 160, window=torch.hann_window(400), return_complex=True)[..., :-1].abs() ** 2
    x = (bands @ power).clamp(min=1e-10).log10()
    x = torch.maximum(x, x.amax((-2, -1), keepdim=True) - 8)
    return (x + 4) / 4


class SelfAttention(nn.Module):
    """Self-attention with the authors' fused projection: q, k and v of each head are side by side."""

    def __init__(self, d, heads):
        super().__init__()
        self.heads = heads
        self.qkv_proj = nn.Linear(d, 3 * d)
        self.out_proj = nn.Linear(d, d)

    def forward(self, x):
        b, t, d = x.shape
        q, k, v = self.qkv_proj(x).view(b, t, self.heads, -1).transpose(1, 2).chunk(3, -1)
        y = F.scaled_dot_product_attention(q, k, v)
        return self.out_proj(y.transpose(1, 2).reshape(b, t, d))


class CrossAttention(nn.Module):
    def __init__(self, d, inner, heads):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (nn.Linear(d, inner) for _ in range(3))
        self.proj = nn.Linear(inner, d)

    def forward(self, queries, memory):
        split = lambda x: x.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        y = F.scaled_dot_product_attention(
            split(self.query(queries)), split(self.key(memory)), split(self.value(memory))
        )
        return self.proj(y.transpose(1, 2).flatten(2))


class Block(nn.Module):
    """Post-norm transformer block around any attention."""

    def __init__(self, d, feed_forward, attention, dropout=0.0):
        super().__init__()
        self.attn = attention
        self.linear_layers = nn.Sequential(
            nn.Linear(d, feed_forward), nn.Dropout(dropout), nn.GELU(), nn.Linear(feed_forward, d)
        )
        self.ln1, self.ln2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, *memory):
        x = self.ln1(x + self.dropout(self.attn(x, *memory)))
        return self.ln2(x + self.dropout(self.linear_layers(x)))


class FeatureEncoder(nn.Module):
    """The paper's FEM: sinusoidal positions, then self-attention blocks."""

    def __init__(self, d, feed_forward, heads, dropout=0.0):
        super().__init__()
        self.encoders = nn.ModuleList([Block(d, feed_forward, SelfAttention(d, heads), dropout)])

    def forward(self, x):
        t, d = x.shape[1:]
        angle = torch.arange(t)[:, None] * torch.exp(torch.arange(0, d, 2) * (-math.log(10_000.0) / d))
        x = x + torch.stack((angle.sin(), angle.cos()), -1).flatten(1).to(x)
        for block in self.encoders:
            x = block(x)
        return x


class Recurrent(nn.Module):
    def __init__(self, inputs, hidden, dropout=0.0):
        super().__init__()
        self.lstm = nn.LSTM(inputs, hidden, num_layers=2, batch_first=True, bidirectional=True, dropout=dropout)

    def forward(self, x):
        return self.lstm(F.normalize(x, dim=-1))[0]     # each frame scaled to unit L2 length


class Wav2Vec2Tap(nn.Module):
    """wav2vec 2.0; its representation is the output of transformer layer `layer` (the paper: 9 of 12)."""

    def __init__(self, layer=9, **sizes):
        from transformers import Wav2Vec2Config, Wav2Vec2Model

        super().__init__()
        self.layer = layer
        config = Wav2Vec2Config(apply_spec_augment=False, **sizes)
        self.width, self.heads = config.hidden_size, config.num_attention_heads
        self.wav2vec = Wav2Vec2Model(config)

    def forward(self, wave):
        """[B, T] normalised -> [B, frames, width], 50 frames a second."""
        return self.wav2vec(wave, output_hidden_states=True).hidden_states[self.layer]


class WhisperTap(nn.Module):
    """Whisper's encoder (pre-norm blocks) up to `layer` blocks: [B, T] -> [B, T // 320 // pool, width].

    `weights`: tensors by OpenAI's names, with or without the prefix `encoder.`; a missing key bias is zero. The
    clip is not normalised. The positional table is cut to the clip's length.

    `mix`: {block: weight}, blocks counted from 1 and ascending. With it the representation is the sum over
    these blocks of weight times standardised residual stream (LayerNorm without gain and bias), and `layer`
    is the last of them. `pool`: the number of consecutive frames of a residual stream that are averaged into one,
    before the mix. By default the blocks run on all frames and each stream is averaged on its own; with
    `pool_after`, 1 to `layer`, the stream is averaged after that block, and the later blocks run on the averages.
    """

    def __init__(self, weights, layer=3, heads=8, mix=None, pool=1, pool_after=None):
        super().__init__()
        self.mix, self.pool = dict(mix or {}), pool
        self.layer, self.heads = max(self.mix, default=layer), heads
        self.pool_after = self.layer if pool_after is None else pool_after
        if not 1 <= self.pool_after <= self.layer:
            raise ValueError(f"pool_after {pool_after}: give 1 to {self.layer}")
        self.weights = {k.removeprefix("encoder."): v.float() for k, v in weights.items()}
        self.width = self.weights["conv2.weight"].shape[0]

    def linear(self, x, name):
        return F.linear(x, self.weights[name + ".weight"], self.weights.get(name + ".bias"))

    def norm(self, x, name):
        return F.layer_norm(x, x.shape[-1:], self.weights[name + ".weight"], self.weights[name + ".bias"])

    def convolve(self, x, name, stride):
        return F.gelu(F.conv1d(x, self.weights[name + ".weight"], self.weights[name + ".bias"], stride, 1))

    def forward(self, wave):
        streams = self.blocks(wave)
        outputs = [pool(x, self.pool) for x in streams[:self.pool_after]] + streams[self.pool_after:]
        return mixed([outputs[b - 1] for b in self.mix], self.mix.values()) if self.mix else outputs[-1]

    def blocks(self, wave):
        """[B, T] -> the residual stream after each block, [B, T // 320, width] up to block `pool_after`, then
        [B, T // 320 // pool, width]."""
        outputs = []
        x = self.convolve(self.convolve(log_mel(wave), "conv1", 1), "conv2", 2).transpose(1, 2)
        x = x + self.weights["positional_embedding"][: x.shape[1]]
        for i in range(self.layer):
            if i == self.pool_after:
                x = pool(x, self.pool)
            p = f"blocks.{i}."
            y = self.norm(x, p + "attn_ln")
            q, k, v = (
                self.linear(y, p + f"attn.{n}").unflatten(-1, (self.heads, -1)).transpose(1, 2)
                for n in ("query", "key", "value")
            )
            y = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
            x = x + self.linear(y, p + "attn.out")
            y = F.gelu(self.linear(self.norm(x, p + "mlp_ln"), p + "mlp.0"))
            x = x + self.linear(y, p + "mlp.2")
            outputs.append(x)
        return outputs


class CASER(nn.Module):
    """The whole network. The defaults are the paper's; `encoder` None leaves the SSL branch to the caller."""

    def __init__(self, encoder=None, width=768, d=512, hidden=512, inner=256, heads=8, feed_forward=1024, labels=4,
                 tap_norm=False, mfcc_pool=1, dropout=0.0):
        super().__init__()
        width = encoder.width if encoder else width
        self.mfcc_pool = mfcc_pool
        self.wav2vec_encoder = encoder
        self.tap_norm = nn.LayerNorm(width) if tap_norm else None
        self.mfcc_encoder = Recurrent(40, hidden, dropout)
        self.wav2vec_ff = nn.Linear(width, d)
        self.mfcc_ff = nn.Linear(2 * hidden, d)
        self.mfcc_att = FeatureEncoder(d, feed_forward, 1, dropout)
        self.coatt = Block(d, feed_forward, CrossAttention(d, inner, heads), dropout)
        self.cls_head = nn.Linear(d, labels)

    def fuse(self, ssl, frames, film=None):
        """ssl [B, S, width], frames [B, F, 40] (not yet pooled) -> every stage of the head by name, in order. `film`:
        scale and shift of the projected SSL branch, [B, 1, d] each, computed from a reference."""
        out = {"ssl": ssl}
        memory = torch.tanh(self.tap_norm(ssl) if self.tap_norm else ssl)
        out["ssl_projected"] = self.wav2vec_ff(memory)
        if film is not None:
            out["ssl_projected"] = out["ssl_projected"] * film[0] + film[1]
        out["bilstm"] = self.mfcc_encoder(pool(frames, self.mfcc_pool))
        out["mfcc_encoded"] = self.mfcc_att(self.mfcc_ff(out["bilstm"]))
        out["fused"] = self.coatt(out["mfcc_encoded"], out["ssl_projected"])
        out["embedding"] = out["fused"].mean(1)
        out["logits"] = self.cls_head(out["fused"]).mean(1)
        return out

    def stages(self, wave, frames):
        """wave [B, T] (normalised for wav2vec 2.0, unchanged for Whisper), frames [B, F, 40] -> stages by name."""
        return self.fuse(self.wav2vec_encoder(wave), frames)

    def forward(self, wave, frames):
        return self.stages(wave, frames)["logits"]
