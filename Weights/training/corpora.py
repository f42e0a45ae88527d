"""The corpora: their clips, the held-out speakers, the folds, and the 3 s windows cut from clips.

A folder of corpora contains `manifest.csv` (path, corpus, speaker, sex, emotion, seconds, licence, source) beside
or above the clips; a path is relative to the manifest's folder or to that folder's parent.
"""
import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from caser import LABELS, SAMPLE_RATE

WINDOW = 3 * SAMPLE_RATE
FOLDS = 6

# The EMO-DB speakers of the bundled conversation, on whom no shipped weights were trained. They were chosen before any
# training, by coverage alone: the speakers whose scarcest emotion has the most clips (then the most clips in all), with
# both sexes present: 08 woman (at least 9 clips of each emotion, 42 in all), 14 woman (7, 41), 03 man (7, 39).
CONVERSATION_SPEAKERS = ("emodb_08", "emodb_14", "emodb_03")


@dataclass(frozen=True)
class Clip:
    path: Path
    corpus: str
    speaker: str
    sex: str
    emotion: int          # index into LABELS


def read_manifest(folder):
    """The four-class clips of the manifest in `folder`, in the order of the manifest."""
    folder = Path(folder)
    manifest = folder / "manifest.csv"
    if not manifest.exists():
        raise SystemExit(f"{manifest} does not exist; --corpora takes the folder that holds manifest.csv")
    clips = []
    with open(manifest, newline="") as file:
        for row in csv.DictReader(file):
            path = folder / row["path"]
            if not path.exists():
                path = folder.parent / row["path"]
            if row["emotion"] in LABELS:
                clips.append(Clip(path, row["corpus"], row["speaker"], row.get("sex", ""), LABELS.index(row["emotion"])))
    return clips


def names(clips):
    """The names of the clips' corpora, sorted."""
    return sorted({c.corpus for c in clips})


def fold_of_speakers(clips):
    """Dictionary from speaker to fold. Within a corpus, women and then men, each sorted by name, are assigned in
    turn."""
    folds = {}
    for corpus in names(clips):
        speakers = sorted({(c.sex, c.speaker) for c in clips if c.corpus == corpus})
        folds |= {speaker: i % FOLDS for i, (_, speaker) in enumerate(speakers)}
    return folds


def read_wave(path):
    """A clip as float32 [T] at 16 kHz mono."""
    wave, rate = soundfile.read(path, dtype="float32", always_2d=True)
    if rate != SAMPLE_RATE:
        raise SystemExit(f"{path} is at {rate} Hz; the corpora must be at {SAMPLE_RATE} Hz")
    return wave.mean(1)


def rms(wave):
    return float(np.sqrt(np.mean(np.square(wave, dtype=np.float64)) + 1e-20))


def trim(wave, below_db=35.0, frame=320):
    """`wave` without the quiet parts before its first and after its last loud 20 ms frame."""
    whole = wave[: len(wave) // frame * frame].reshape(-1, frame)
    loud = np.sqrt(np.square(whole).mean(1)) > np.sqrt(np.square(whole).mean(1)).max() * 10 ** (-below_db / 20)
    where = np.flatnonzero(loud)
    return wave[where[0] * frame : (where[-1] + 1) * frame] if len(where) else wave


def middle_window(wave):
    """The window of the protocol: the middle 3 s; a shorter clip is repeated whole and cut at 3 s."""
    if len(wave) < WINDOW:
        return np.tile(wave, -(-WINDOW // len(wave)))[:WINDOW]
    start = (len(wave) - WINDOW) // 2
    return wave[start : start + WINDOW]


def noise(length, rng):
    """Noise of unit RMS whose spectrum falls by 0 to 6 dB an octave, as that of a room, a fan or a cheap microphone."""
    spectrum = np.fft.rfft(rng.standard_normal(length))
    frequency = np.fft.rfftfreq(length, 1 / SAMPLE_RATE)
    spectrum *= np.maximum(frequency, 60.0) ** -rng.uniform(0.0, 1.0)
    shaped = np.fft.irfft(spectrum, length)
    return (shaped / rms(shaped)).astype(np.float32)


def placed_window(wave, rng):
    """A window at a random place, as in a stream: inside a long clip or around a short one, with low noise added."""
    wave = trim(wave)
    over = len(wave) - WINDOW
    if over >= 0 and rng.random() < 0.7:
        start = rng.integers(0, over + 1)
        out = wave[start : start + WINDOW].copy()
    else:
        # At least 1 s of the clip is kept; a part of a long clip may also be surrounded by quiet.
        kept = min(len(wave), int(rng.uniform(1.0, 3.0) * SAMPLE_RATE) if over >= 0 else len(wave))
        piece_start = rng.integers(0, len(wave) - kept + 1)
        out = np.zeros(WINDOW, np.float32)
        start = rng.integers(0, WINDOW - kept + 1)
        out[start : start + kept] = wave[piece_start : piece_start + kept]
    return out + noise(WINDOW, rng) * rms(wave) * 10 ** (-rng.uniform(20, 50) / 20)


def stream_window(waves, rng):
    """A window from a turn of one speaker in one emotion: `waves` in sequence with short gaps, half of the time with
    silence before and after, cut at random with at least 1 s of the turn inside, with noise added."""
    pieces = []
    for i, wave in enumerate(waves):
        wave = trim(wave)
        pieces += [wave * 10 ** (rng.uniform(-3, 3) / 20)]
        pieces += [np.zeros(int(rng.uniform(0.1, 0.5) * SAMPLE_RATE), np.float32)] if i + 1 < len(waves) else []
    turn = np.concatenate(pieces)
    pad = WINDOW - SAMPLE_RATE if rng.random() < 0.5 else 0
    stream = np.pad(turn, (pad, pad))
    if len(stream) < WINDOW:
        stream = np.pad(stream, (0, WINDOW - len(stream)))
    start = rng.integers(0, len(stream) - WINDOW + 1)
    return stream[start : start + WINDOW] + noise(WINDOW, rng) * rms(turn) * 10 ** (-rng.uniform(12, 45) / 20)
