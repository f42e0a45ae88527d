"""Levels and room noise of the conversations; shared with Samples/make_conversation.py."""
import numpy as np

RATE = 16_000
LEVEL_DBFS, LEVEL_SPREAD_DB = -23.0, 2.5


def amplitude(dbfs):
    return 10 ** (dbfs / 20)


def at_level(wave, dbfs):
    """[T] -> [T]: `wave` with its RMS at `dbfs`."""
    return wave * amplitude(dbfs) / np.sqrt(np.mean(wave**2))


def at_spoken_level(wave, rng):
    """`wave` at the level of a speaker near the microphone, with a random variation."""
    return at_level(wave, LEVEL_DBFS + rng.uniform(-LEVEL_SPREAD_DB, LEVEL_SPREAD_DB))


def room(length, rng, dbfs):
    """Noise of a quiet room, [length], that falls by 3 dB an octave above 60 Hz, at `dbfs`."""
    spectrum = np.fft.rfft(rng.standard_normal(length))
    spectrum *= np.maximum(np.fft.rfftfreq(length, 1 / RATE), 60.0) ** -0.5
    return at_level(np.fft.irfft(spectrum, length), dbfs)
