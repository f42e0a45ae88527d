"""Writes emoscope's weights format, `emoscope-weights/1`.

The format is a safetensors file. Tensors have the names of the authors' checkpoint (the Whisper encoder: OpenAI's
names under `encoder.`). Kernels of 1-D convolutions are time-major, [out, k, in] where PyTorch has [out, in, k], so
that the engine's matrix product reads them in place. Weight norm is folded, and layers past the tap are left out.
Elements are F32 or F16. The metadata, all strings:

    format         emoscope-weights/1
    architecture   ca-ser
    encoder        wav2vec2 | whisper
    tap            number of encoder blocks run, e.g. 3; the representation is taken from the last
    encoder_heads  attention heads of the encoder
    cross_heads    heads of the cross-attention (absent without a head)
    labels         comma-separated, in the order of the logits (absent without a head)
    tap_pool       consecutive frames of a residual stream averaged into one, a remainder dropped (absent: 1).
                   Whisper only
    tap_pool_after 1 to `tap`: the block after which the residual stream is averaged, so that later blocks run on the
                   averages; the stream of an earlier block in the mix is averaged on its own (absent: `tap`, no block
                   runs on averages). Only with tap_pool
    tap_mix        comma-separated ascending blocks, the last of them `tap`, e.g. 2,3 (absent: the last block alone,
                   unchanged); the tensor tap_mix [number of blocks], F32, holds their weights: the representation is
                   the sum of weight times the (averaged) residual stream after the block, standardised over its
                   channels (LayerNorm without gain and bias, eps 1e-5). Whisper only
    tap_norm       none | layer: a LayerNorm (tensors tap_norm.*) before the tanh
    mfcc_pool      MFCC frames averaged into one step of the BiLSTM
    level_dbfs     none | the RMS, in dB full scale, to which each clip is scaled before both front ends
    unsure         probability, 0 to 1, below which the likeliest emotion is not named (absent: 0, never)
    offset_doubt   number above 0, and
    offset_usual   comma-separated numbers in the order of the labels: the correction of `training/offset.py` for a known
                   voice, in units of the file's logits (absent: the program's own)
    provenance     origin of the weights
    licence        terms of use of the weights
    sha256         of the data section (every byte after the header), in hex
"""
import hashlib
import json
import struct

from safetensors.torch import save_file

FORMAT = "emoscope-weights/1"


def data_section(path):
    """The bytes after the header of the safetensors file at `path`."""
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        file.seek(8 + size)
        return file.read()


def write_header(path, metadata, data):
    """Rewrites the file with `metadata` in alphabetical order, so that the same numbers give the same bytes."""
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
    header["__metadata__"] = dict(sorted(metadata.items()))
    text = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)         # the data section stays aligned
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def save(path, tensors, metadata):
    """Writes `tensors` with `metadata`; 3-D tensors are convolution kernels in PyTorch's layout."""
    tensors = {name: (t.transpose(1, 2) if t.dim() == 3 else t).contiguous() for name, t in tensors.items()}
    metadata = {"format": FORMAT, "architecture": "ca-ser", **{k: str(v) for k, v in metadata.items()}}
    save_file(tensors, path, metadata)
    data = data_section(path)
    write_header(path, {**metadata, "sha256": hashlib.sha256(data).hexdigest()}, data)
