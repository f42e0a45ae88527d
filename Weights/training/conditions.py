"""Recording conditions: gain, noise, a telephone, a room.

Every function maps float32 [T] at 16 kHz to float32 and, except `faster`, keeps the length. All random draws depend on
`seed` alone, which is anything that `numpy.random.default_rng` takes, e.g. `(run, clip)`. `apply` applies one of
`CONDITIONS` by name; figures are reported for these.
"""
import csv
from pathlib import Path

import numpy as np
import soundfile
from scipy import signal

SAMPLE_RATE = 16_000
FRAME = 320                         # 20 ms
ACTIVE_DB = 35.0                    # a frame is active if it is at most this far below the loudest one
TELEPHONE_RATE, TELEPHONE_BAND = 8_000, (300.0, 3_400.0)        # Hz, narrow-band telephony (ITU-T G.712)
BAND_ORDER = 8                      # of the Butterworth band-pass, 48 dB an octave on either side
RT60_S = 0.6                        # seconds until the room's sound has fallen by 60 dB: an unfurnished office
DIRECT_TO_REVERBERANT_DB = 0.0      # a speaker 1 to 2 m from the microphone of such a room
FIRST_REFLECTION_S = 0.005

# name -> (function, further arguments); see `apply`.
CONDITIONS = {
    "clean": None,
    "gain -20 dB": ("gain", {"db": -20.0}),
    "gain +10 dB": ("gain", {"db": 10.0}),
    "noise 10 dB": ("noisy", {"snr_db": 10.0}),
    "noise 0 dB": ("noisy", {"snr_db": 0.0}),
    "telephone": ("telephone", {}),
    "room": ("room", {}),
}


def active(wave):
    """The 20 ms frames [N, 320] of `wave` within 35 dB of its loudest one, and where they start [N] in samples."""
    whole = wave[: max(1, len(wave) // FRAME) * FRAME]
    frames = np.pad(whole, (0, -len(whole) % FRAME)).reshape(-1, FRAME).astype(np.float64)
    power = np.square(frames).mean(1)
    loud = power >= power.max() * 10 ** (-ACTIVE_DB / 10)
    return frames[loud], np.flatnonzero(loud) * FRAME


def speech_rms(wave):
    """RMS of the active frames of `wave`, so that pauses do not lower it."""
    return float(np.sqrt(np.square(active(wave)[0]).mean()))


def gain(wave, db):
    """`wave` amplified by `db` and clipped at ±1, as by an analog-to-digital converter."""
    return np.clip(wave * np.float32(10 ** (db / 20)), -1, 1)


def mixed(wave, noise, snr_db, seed):
    """`wave` plus `noise` [any length], whose RMS is set to `snr_db` below the RMS of the speech.

    The excerpt of the noise starts at a randomly drawn active frame (many clips are mostly digital silence) and is
    repeated as needed. If the sum exceeds ±1, all of it is scaled down to ±1, which keeps the ratio.
    """
    starts = active(noise)[1]
    start = np.random.default_rng(seed).choice(starts)
    excerpt = np.take(noise, np.arange(start, start + len(wave)), mode="wrap").astype(np.float64)
    level = np.sqrt(np.square(excerpt).mean())
    if level == 0:
        raise ValueError("the noise is digital silence; it cannot be set to a ratio")
    out = wave + excerpt * (speech_rms(wave) * 10 ** (-snr_db / 20) / level)
    return (out / max(1.0, np.abs(out).max())).astype(np.float32)


def noisy(wave, noises, snr_db, seed):
    """`wave` mixed with one of `noises`, drawn at random."""
    rng = np.random.default_rng(seed)
    return mixed(wave, noises[rng.integers(len(noises))], snr_db, rng)


def telephone(wave):
    """`wave` through a narrow-band telephone: 8 kHz, 300 to 3,400 Hz."""
    band = signal.butter(BAND_ORDER, TELEPHONE_BAND, "bandpass", fs=TELEPHONE_RATE, output="sos")
    narrow = signal.sosfilt(band, signal.resample_poly(wave.astype(np.float64), TELEPHONE_RATE, SAMPLE_RATE))
    wide = signal.resample_poly(narrow, SAMPLE_RATE, TELEPHONE_RATE)
    return np.pad(wide, (0, max(0, len(wave) - len(wide))))[: len(wave)].astype(np.float32)


def faster(wave, factor):
    """`wave` played `factor` times as fast (rounded to two decimals), which also raises its pitch; its length
    changes."""
    return signal.resample_poly(wave.astype(np.float64), 100, round(100 * factor)).astype(np.float32)


def impulse_response(seed, rt60_s=RT60_S, direct_db=DIRECT_TO_REVERBERANT_DB):
    """The impulse response of a synthetic room, float64 [rt60 · 16,000]: the direct sound at sample 0, and from 5 ms on
    noise that decays by 60 dB every `rt60_s`. The direct sound has `direct_db` more energy than the noise (Polack's
    model)."""
    rng = np.random.default_rng(seed)
    time = np.arange(round(rt60_s * SAMPLE_RATE)) / SAMPLE_RATE
    tail = rng.standard_normal(len(time)) * 10 ** (-3 * time / rt60_s)
    tail[time < FIRST_REFLECTION_S] = 0
    tail *= 10 ** (-direct_db / 20) / np.sqrt(np.square(tail).sum())
    tail[0] = 1
    return tail


def room(wave, seed, rt60_s=RT60_S, direct_db=DIRECT_TO_REVERBERANT_DB):
    """`wave` in the room of `impulse_response`, at its original RMS, or scaled down to ±1 if it exceeds that."""
    out = signal.fftconvolve(wave.astype(np.float64), impulse_response(seed, rt60_s, direct_db))[: len(wave)]
    out *= np.sqrt(np.square(wave, dtype=np.float64).mean() / (np.square(out).mean() + 1e-20))
    return (out / max(1.0, np.abs(out).max())).astype(np.float32)


def apply(name, wave, seed, noises=()):
    """`wave` in the condition `name` of `CONDITIONS`; `noises`: the result of `read_noises`."""
    if name not in CONDITIONS:
        raise ValueError(f"no condition {name!r}; there are: {', '.join(CONDITIONS)}")
    if name == "clean":
        return wave
    function, arguments = CONDITIONS[name]
    if function == "noisy":
        if not len(noises):
            raise ValueError(f"{name!r} needs noises; read them with read_noises")
        return noisy(wave, noises, seed=seed, **arguments)
    return room(wave, seed, **arguments) if function == "room" else globals()[function](wave, **arguments)


def read_noises(folder):
    """The sounds of `folder`/manifest.csv (columns path and label), float32 [T] each, in the manifest's order.

    A path is relative to the folder or to its parent. Empty or silent files are an error.
    """
    folder = Path(folder)
    manifest = folder / "manifest.csv"
    if not manifest.exists():
        raise SystemExit(f"{manifest} does not exist; give the folder of noises that holds manifest.csv")
    noises = []
    with open(manifest, newline="") as file:
        for row in csv.DictReader(file):
            path = folder / row["path"]
            path = path if path.exists() else folder.parent / row["path"]
            wave, rate = soundfile.read(path, dtype="float32", always_2d=True)
            if rate != SAMPLE_RATE:
                raise SystemExit(f"{path} is at {rate} Hz; the noises must be at {SAMPLE_RATE} Hz")
            if not np.any(wave):
                raise SystemExit(f"{path} holds no sound; take it out of {manifest}")
            noises.append(wave.mean(1))
    return noises
