"""The trained network: the last block of the Whisper tap, the mix of blocks, and the CA-SER head; also with parts left
out, for the ablation."""
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import caser
from recipe import ENCODER_HEADS, FROZEN, MFCC_POOL, TAP, TAP_MIX, TAP_POOL, WIDTH

# The variants of the ablation, by name. Whisper's block is trained in "all" only, so that the others are cheap to
# train; they are compared with "frozen".
PARTS = {
    "all": "the whole network, block 3 trained",
    "frozen": "the whole network, block 3 frozen",
    "no mfcc": "the SSL branch alone: FEM over the projected tap",
    "no ssl": "the MFCC branch alone: BiLSTM and FEM",
    "concatenation": "both branches, their means concatenated instead of cross-attention",
    "no fem": "without the feature encoder after the BiLSTM",
    "linear": "a linear layer over the tap's mean over time",
}
FIRST_SHARE = 0.2              # initial share of a reference's difference that is subtracted from the stream
# In training the block's products are in bfloat16 where the processor supports it: half the time, the same UARs to
# .003.
BFLOAT16 = torch.cpu.get_capabilities().get("avx512_bf16", False)


class WhisperBlock(nn.Module):
    """One pre-norm block of Whisper's encoder, with OpenAI's parameter names: [B, F, width] -> [B, F, width]."""

    def __init__(self, width=WIDTH, heads=ENCODER_HEADS):
        super().__init__()
        self.heads = heads
        self.attn_ln, self.mlp_ln = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn = nn.ModuleDict({n: nn.Linear(width, width, bias=n != "key") for n in ("query", "key", "value", "out")})
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        y = self.attn_ln(x)
        q, k, v = (
            self.attn[n](y).unflatten(-1, (self.heads, -1)).transpose(1, 2) for n in ("query", "key", "value")
        )
        x = x + self.attn["out"](F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2))
        return x + self.mlp(self.mlp_ln(x))


def given_block(encoder):
    """The tensors of block `TAP` of an encoder (OpenAI's names, with or without `encoder.`), float32, named without
    prefix."""
    prefix = f"blocks.{TAP - 1}."
    tensors = {name.removeprefix("encoder."): t for name, t in encoder.items()}
    return {n.removeprefix(prefix): t.float() for n, t in tensors.items() if n.startswith(prefix)}


class Reference(nn.Module):
    """Conditions the network on a reference: the mean residual stream of a voice's neutral windows, [B, 512].

    The reference's difference from the mean over training voices, divided by their deviation and extended by a 1,
    passes a layer of `HIDDEN` tanh units. Their output gives the scale and shift of the projected tap (FiLM) and an
    offset of the logits. A learned share of the difference, one for each channel, is also subtracted from the stream
    that the trained block reads. A row of NaN means no reference, and has no effect.
    """

    HIDDEN = 32

    def __init__(self, d, labels, mean=None, deviation=None, dropout=0.0):
        super().__init__()
        self.register_buffer("mean", torch.zeros(WIDTH) if mean is None else mean)
        self.register_buffer("deviation", torch.ones(WIDTH) if deviation is None else deviation)
        self.share = nn.Parameter(torch.full((WIDTH,), FIRST_SHARE))
        self.dropout = dropout
        self.inner = nn.Linear(WIDTH + 1, self.HIDDEN)
        self.film, self.offset = nn.Linear(self.HIDDEN, 2 * d, bias=False), nn.Linear(self.HIDDEN, labels, bias=False)
        for layer in (self.film, self.offset):
            nn.init.zeros_(layer.weight)

    def forward(self, reference):
        """[B, 512] -> difference to subtract from the stream [B, 1, 512], scale and shift [B, 1, d] each, offset of the
        logits [B, 4]."""
        known = ~reference[:, :1].isnan()
        difference = torch.where(known, reference - self.mean, 0)
        x = torch.cat((difference / self.deviation, known.to(difference)), 1)
        x = torch.tanh(self.inner(F.dropout(x, self.dropout, self.training))) * known
        scale, shift = self.film(x)[:, None].chunk(2, -1)
        return (difference * self.share)[:, None], scale, shift, self.offset(x)


class Network(nn.Module):
    """The frozen blocks' averaged residual stream [B, F, 512], pooled MFCC [B, S, 40] and optionally the mean residual
    stream of a voice's neutral windows [B, 512] -> logits [B, 4]."""

    def __init__(self, recipe, block, mean=None, deviation=None):
        super().__init__()
        self.parts = recipe.parts
        self.reference = (Reference(recipe.d, len(caser.LABELS), mean, deviation, recipe.dropout)
                          if recipe.reference == "film" and recipe.parts == "all" else None)
        self.block = WhisperBlock()
        self.block.load_state_dict(block)
        self.block.requires_grad_(recipe.parts == "all")
        self.mix = nn.Parameter(torch.full((len(TAP_MIX),), 1 / len(TAP_MIX)))
        self.head = caser.CASER(width=WIDTH, d=recipe.d, hidden=recipe.hidden, inner=recipe.inner, heads=recipe.heads,
                                feed_forward=recipe.feed_forward, tap_norm=True, mfcc_pool=1)
        if recipe.parts == "concatenation":
            self.head.cls_head = nn.Linear(2 * recipe.d, len(caser.LABELS))
        if recipe.parts == "linear":
            self.head.cls_head = nn.Linear(WIDTH, len(caser.LABELS))

    def tap(self, stream):
        with torch.autocast("cpu", torch.bfloat16, enabled=self.training and BFLOAT16):
            last = self.block(stream).float()
        return caser.mixed([stream, last], self.mix)

    def forward(self, stream, frames, reference=None):
        head = self.head
        if self.reference is not None and reference is not None:
            taken, scale, shift, offset = self.reference(reference)
            return head.fuse(self.tap(stream - taken), frames, (1 + scale, shift))["logits"] + offset
        if self.parts in ("all", "frozen"):
            return head.fuse(self.tap(stream), frames)["logits"]
        if self.parts == "no ssl":
            return head.cls_head(head.mfcc_att(head.mfcc_ff(head.mfcc_encoder(frames)))).mean(1)
        ssl = torch.tanh(head.tap_norm(self.tap(stream)))
        if self.parts == "linear":
            return head.cls_head(ssl.mean(1))
        ssl = head.wav2vec_ff(ssl)
        if self.parts == "no mfcc":
            return head.cls_head(head.mfcc_att(ssl)).mean(1)
        spoken = head.mfcc_ff(head.mfcc_encoder(frames))
        if self.parts == "no fem":
            return head.cls_head(head.coatt(spoken, ssl)).mean(1)
        return head.cls_head(torch.cat((ssl.mean(1), head.mfcc_att(spoken).mean(1)), -1))

    def whole(self, encoder):
        """The same network with samples as input: CASER over a tap of `encoder`'s blocks, including the trained one."""
        trained = {f"blocks.{TAP - 1}.{n}": t.detach() for n, t in self.block.state_dict().items()}
        tensors = {n.removeprefix("encoder."): t for n, t in encoder.items()} | trained
        mix = dict(zip(TAP_MIX, self.mix.tolist()))
        self.head.wav2vec_encoder = caser.WhisperTap(tensors, TAP, ENCODER_HEADS, mix, TAP_POOL, FROZEN)
        self.head.mfcc_pool = MFCC_POOL
        return self.head.eval()


def in_batches(model, read, arrays, rows, batch=128):
    """`read` of the windows `rows` of `arrays`, as float32 tensors, in batches and without gradients; `model` evaluates."""
    model.eval()
    with torch.no_grad():
        return torch.cat([
            read(*(torch.from_numpy(np.stack([a[i] for i in rows[start : start + batch]])).float() for a in arrays))
            for start in range(0, len(rows), batch)])
