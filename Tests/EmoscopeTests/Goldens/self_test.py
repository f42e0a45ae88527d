"""Prints the outputs of the shipped networks by PyTorch, as Sources/emoscope/Doctor has them: the logits of
`NetworkCheck`, and the sums of 32 numbers of the speaker embedding of `SpeakerEncoderCheck`.

    python Tests/EmoscopeTests/Goldens/self_test.py

Needs the packages of Weights/training/requirements.txt. To be run again when the shipped weights change.
"""
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "Weights/training"))

sys.path.insert(0, str(ROOT / "Tests/ModelTests/Goldens/speaker"))

import caser
import check
import generate
import ship


def synthetic_voice():
    """`SyntheticVoice.window`: float32 [48,000] at 16 kHz."""
    t = np.arange(3 * caser.SAMPLE_RATE) / caser.SAMPLE_RATE
    phase = 2 * np.pi * (120 * t + 20 * np.sin(4 * t))
    return sum(0.1 * np.sin(k * phase) / k for k in range(1, 7)).astype(np.float32)


def main():
    for name in ship.FILES:
        model, metadata = check.read_back(ROOT / f"Weights/{name}.safetensors")
        logits = check.logits_of(model, metadata, synthetic_voice())
        ordered = [logits[caser.LABELS.index(emotion)] for emotion in ("angry", "happy", "neutral", "sad")]
        print(f"// {name}.safetensors")
        print(f'"{metadata["sha256"]}": [{", ".join(f"{v:.6f}" for v in ordered)}],')
    embedding = generate.clip_embedding(generate.Encoder(), synthetic_voice())
    print("// ge2e_speaker_encoder.safetensors")
    print(", ".join(f"{v:.6f}" for v in embedding.reshape(8, 32).sum(1)))


if __name__ == "__main__":
    main()
