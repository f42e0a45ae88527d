"""Writes what PyTorch and librosa make of speech with the shipped speaker encoder, for the encoder's tests.

    python generate.py small                     conversation.safetensors, beside this script: excerpts of the bundled
                                                 conversation (CC0)
    python generate.py full SPEECH FILE          FILE: every clip of the folder SPEECH, for scripts/parity

The weights are those of Weights/ge2e_speaker_encoder.safetensors, in single precision. Needs ../requirements.txt.
"""
import math
import sys
from pathlib import Path

import librosa
import numpy as np
import soundfile
import torch
from safetensors.torch import load_file, save_file

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[3]
RATE, HOP, FRAMES = 16000, 160, 160
LEVEL = 10 ** (-30 / 10)

# Excerpts of Samples/conversation.flac, in samples: one shorter than a partial utterance, one whose last partial
# utterance is left out, and one whose last is filled with zeros.
EXCERPTS = {"short": (20_000, 38_000), "dropped": (64_000, 103_000), "filled": (160_000, 240_777)}
# Ends of streams that begin with the conversation, and stretches within the first 12 s.
ENDS = (8_000, 40_000, 56_000, 136_033)
STRETCHES = ((30_000, 38_000), (70_000, 75_000), (100_000, 150_000))
STRETCHES_SHORT = ((30_000, 38_000), (70_000, 75_000))


class Encoder(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(40, 256, 3, batch_first=True)
        self.linear = torch.nn.Linear(256, 256)
        weights = load_file(ROOT / "Weights/ge2e_speaker_encoder.safetensors")
        self.load_state_dict({name: value.float() for name, value in weights.items()})

    @torch.inference_mode()
    def forward(self, mel):
        """mel [frames, 40] -> [256]"""
        _, (state, _) = self.lstm(torch.as_tensor(mel)[None])
        out = torch.relu(self.linear(state[-1, 0]))
        return out / out.norm()


def mel(samples):
    """samples [T] -> [1 + T // 160, 40]"""
    return librosa.feature.melspectrogram(y=samples, sr=RATE, n_fft=400, hop_length=HOP, n_mels=40).T.astype(np.float32)


def gain(squares):
    """The factor that raises samples of these squares to the level, of their energies."""
    mean = float(np.mean(squares))
    return LEVEL / mean if 1e-12 <= mean < LEVEL else 1.0


def clip_embedding(encoder, samples):
    """By Resemblyzer's definition: the mean over partial utterances, 77 frames apart."""
    frames = math.ceil((len(samples) + 1) / HOP)
    step = round(RATE / 1.3 / HOP)
    starts = list(range(0, max(1, frames - FRAMES + step + 1), step))
    covered = (len(samples) - starts[-1] * HOP) / (FRAMES * HOP)
    if covered < 0.75 and len(starts) > 1:
        starts.pop()
    padded = np.pad(samples, (0, max(0, (starts[-1] + FRAMES) * HOP - len(samples))))
    energies = mel(padded) * np.float32(gain(samples.astype(np.float64) ** 2))
    mean = torch.stack([encoder(energies[start : start + FRAMES]) for start in starts]).mean(0)
    return mean / mean.norm()


def stream_embedding(encoder, samples, energies, end, stretches):
    """Of the newest 160 frames of `stretches`, when the stream is `end` samples long."""
    last = (end - 200) // HOP
    inside = [i for a, b in stretches for i in range(-(-a // HOP), -(-b // HOP)) if i <= last][-FRAMES:]
    before = np.pad(samples, (HOP // 2, HOP))
    squares = np.concatenate([before[i * HOP : (i + 1) * HOP] for i in inside]).astype(np.float64) ** 2
    return encoder(energies[inside] * np.float32(gain(squares)))


def small():
    encoder = Encoder()
    samples, rate = soundfile.read(ROOT / "Samples/conversation.flac", dtype="float32")
    assert rate == RATE
    out = {}
    for name, (start, end) in EXCERPTS.items():
        excerpt = samples[start:end]
        out[f"{name}/range"] = torch.tensor([start, end])
        out[f"{name}/embedding"] = clip_embedding(encoder, excerpt)
        out[f"{name}/quiet"] = clip_embedding(encoder, excerpt * np.float32(0.01))
    out["mel"] = torch.from_numpy(mel(samples[20_000:38_000]))
    energies = mel(samples[:200_000])
    out["ends"] = torch.tensor(ENDS)
    out["newest"] = torch.stack(
        [stream_embedding(encoder, samples, energies, end, [(0, end)]) for end in ENDS])
    out["stretches"] = torch.tensor(STRETCHES)
    out["joined"] = torch.stack(
        [stream_embedding(encoder, samples, energies, 192_000, s) for s in (STRETCHES, STRETCHES_SHORT)])
    save_file({name: value.contiguous() for name, value in out.items()}, HERE / "conversation.safetensors")


def full(folder, path):
    encoder = Encoder()
    out = {}
    for file in sorted(Path(folder).glob("*.flac")):
        samples, rate = soundfile.read(file, dtype="float32")
        assert rate == RATE and samples.ndim == 1, file
        energies = mel(samples)
        out[f"{file.stem}/mel"] = torch.from_numpy(energies)
        out[f"{file.stem}/clip"] = clip_embedding(encoder, samples)
        out[f"{file.stem}/stream"] = torch.stack([
            stream_embedding(encoder, samples, energies, end, [(0, end)])
            for end in range(RATE // 2, len(samples) + 1, RATE // 2)])
        print("speaker encoder", file.stem, flush=True)
    save_file({name: value.contiguous() for name, value in out.items()}, path)


if __name__ == "__main__":
    small() if sys.argv[1] == "small" else full(*sys.argv[2:])
