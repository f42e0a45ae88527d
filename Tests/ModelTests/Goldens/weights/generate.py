"""Writes the checkpoints that the importer's tests read: scaled-down CA-SER and wav2vec 2.0, in every spelling.

    python Tests/ModelTests/Goldens/weights/generate.py

Needs the packages of Weights/training/requirements.txt. `expected.safetensors` is what PyTorch itself makes of the
same checkpoint: weight norm folded by it, written by Weights/training/export.py. Hostile pickles are not here: the
tests write their bytes by hand.
"""
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import Wav2Vec2Config, Wav2Vec2ForPreTraining, logging

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here.parents[3] / "Weights" / "training"))
import caser   # noqa: E402
import export  # noqa: E402

logging.set_verbosity_error()
PREFIX = "wav2vec_encoder.wav2vec."
POSITION = "encoder.pos_conv_embed.conv."
ENCODER = dict(
    hidden_size=8, num_hidden_layers=3, num_attention_heads=2, intermediate_size=12, conv_dim=(4,) * 7,
    num_conv_pos_embeddings=8, num_conv_pos_embedding_groups=2, codevector_dim=8, proj_codevector_dim=8,
    num_codevectors_per_group=4,
)
HEAD = dict(d=12, hidden=6, inner=8, heads=4, feed_forward=14)
TAP = 2


def old_spelling(state):
    """Weight norm as transformers wrote it before PyTorch's parametrizations."""
    names = {"parametrizations.weight.original0": "weight_g", "parametrizations.weight.original1": "weight_v"}
    return {next((k.replace(a, b) for a, b in names.items() if a in k), k): v for k, v in state.items()}


def folded(model):
    """What the engine reads: PyTorch's own effective weight, nothing past the tap."""
    state = model.state_dict()
    base = PREFIX + POSITION
    out = {}
    for name, tensor in state.items():
        layer = name.removeprefix(PREFIX + "encoder.layers.").split(".")[0]
        if name.endswith("masked_spec_embed") or (layer.isdigit() and int(layer) >= TAP):
            continue
        if name.endswith("original0"):
            tensor = model.wav2vec_encoder.wav2vec.encoder.pos_conv_embed.conv.weight.detach()
            name = base + "weight"
        elif name.endswith("original1"):
            continue
        out[name] = tensor
    return out


def main():
    torch.manual_seed(7)
    model = caser.CASER(caser.Wav2Vec2Tap(TAP, **ENCODER), **HEAD)
    with torch.no_grad():       # a gain that is not the norm, or folding would change nothing
        model.wav2vec_encoder.wav2vec.encoder.pos_conv_embed.conv.parametrizations.weight.original0 *= (
            torch.rand(1, 1, 8) + 0.5
        )
    state = model.state_dict()
    optimizer = torch.optim.AdamW(model.cls_head.parameters(), lr=1e-4)
    loss = sum(p.square().mean() for n, p in model.named_parameters() if n.startswith("cls_head"))
    loss.backward()
    before = {k: v.clone() for k, v in state.items()}
    optimizer.step()
    model.load_state_dict(before)

    torch.save(model.state_dict(), here / "plain.pt")
    torch.save(
        {
            "epoch": 7, "model_state_dict": old_spelling(model.state_dict()),
            "optimizer_state_dict": optimizer.state_dict(), "loss": 0.25, "best": None, "seed": 1 << 70,
            "history": [("train", 1.5), {"wa": -3, "done": True}],
        },
        here / "nested.pt",
    )
    # A training loop's own, of a model on several devices.
    torch.save({"model_state_dict": {f"module.{k}": v for k, v in model.state_dict().items()}, "loss": torch.tensor(0.5),
                "epoch": 3, "optimizer": {"state": {0: {"step": torch.tensor(3.0)}}}}, here / "loop.pt")
    torch.save({"best_chkpt": {k: torch.nn.Parameter(v) for k, v in model.state_dict().items()}}, here / "fold.pt",
               pickle_protocol=5)
    # Views: a transposed matrix, one tensor inside a larger storage; and the other element types in turn.
    views = {}
    for index, (name, tensor) in enumerate(state.items()):
        tensor = tensor.to((torch.float32, torch.float64, torch.float16, torch.bfloat16)[index // 2 % 4])
        if tensor.dim() == 2 and index % 2:
            tensor = tensor.T.contiguous().T
        elif tensor.dim() == 1 and index % 2:
            tensor = torch.cat((torch.full((5,), torch.nan), tensor, torch.full((3,), torch.nan)))[5:-3]
        views[name] = tensor
    torch.save(views, here / "views.pt")
    torch.save(state, here / "legacy.pt", _use_new_zipfile_serialization=False)
    (here / "legacy.pt").write_bytes((here / "legacy.pt").read_bytes()[:256])
    export.save(
        here / "expected.safetensors", folded(model),
        {
            "encoder": "wav2vec2", "tap": TAP, "encoder_heads": 2, "cross_heads": 4, "labels": ",".join(caser.LABELS),
            "tap_norm": "none", "mfcc_pool": 1, "level_dbfs": "none", "provenance": "generate.py", "licence": "MIT",
        },
    )

    # Hugging Face's own pretraining model around the same encoder.
    hugging = Wav2Vec2ForPreTraining(Wav2Vec2Config(apply_spec_augment=False, **ENCODER))
    hugging.wav2vec2.load_state_dict(
        {k.removeprefix(PREFIX): v for k, v in state.items() if k.startswith(PREFIX)}, strict=True
    )
    torch.save(old_spelling(hugging.state_dict()), here / "pytorch_model.bin")
    save_file({k: v.contiguous() for k, v in hugging.state_dict().items()}, here / "model.safetensors", {"format": "pt"})
    save_file(
        {k: v.contiguous() for k, v in old_spelling(hugging.wav2vec2.state_dict()).items()},
        here / "bare.safetensors",
    )


main()
