"""Channels: rooms, microphones, lines, codecs and background noise, applied to acted and ordinary speech alike.

Without them a network that is trained on ordinary speech as neutral could learn that whatever was not recorded in a
studio is neutral. A channel is drawn once and applied to several windows of one speaker, so that a reference has the
channel of the windows that it is for.
"""
import io
from dataclasses import dataclass

import numpy as np
import soundfile
from scipy import signal

import conditions
import corpora

FFT = 512
LARGEST_DB = 15.0                       # bound on a filter's gain in a band, relative to the mean over the bands
# libsndfile's (format, subtype, sample rate, further arguments): voice over IP, a messenger, a telephone line, a mobile
# phone
CODECS = (("OGG", "OPUS", 16_000, {"compression_level": 0.97}), ("OGG", "OPUS", 16_000, {"compression_level": 0.9}),
          ("MP3", "MPEG_LAYER_III", 16_000, {"compression_level": 0.95}), ("WAV", "ULAW", 8_000, {}), ("WAV", "GSM610", 8_000, {}))


def spectrum(wave):
    """dB by frequency, [FFT // 2 + 1]: the mean power of the active frames, smoothed over a third of an octave."""
    frames = conditions.active(wave)[0]
    power = np.square(np.abs(np.fft.rfft(frames * np.hanning(frames.shape[1]), FFT))).mean(0) + 1e-12
    return 10 * np.log10(smoothed(power))


def smoothed(power):
    """[FFT // 2 + 1] averaged over a third of an octave around each bin."""
    bins = np.arange(len(power))
    low, high = np.floor(bins * 2 ** (-1 / 6)).astype(int), np.ceil(bins * 2 ** (1 / 6)).astype(int) + 1
    sums = np.concatenate(([0.0], np.cumsum(power)))
    high = np.minimum(high, len(power))
    return (sums[high] - sums[low]) / (high - low)


def filtered(wave, response_db):
    """`wave` filtered by the linear-phase filter with `response_db` [FFT // 2 + 1], bounded to ±15 dB around its
    mean."""
    response_db = np.clip(response_db - response_db[4:240].mean(), -LARGEST_DB, LARGEST_DB)
    taps = np.fft.fftshift(np.fft.irfft(10 ** (response_db / 20), FFT)) * np.hanning(FFT)
    return signal.fftconvolve(wave, taps, "same").astype(np.float32)


def microphone(rng):
    """The drawn response of a microphone, dB by frequency: a broad tilt, a few resonances, and often a cutoff at 100 to
    400 Hz."""
    octaves = np.log2(np.maximum(np.arange(FFT // 2 + 1), 0.5) / 32)               # against 1 kHz
    response = rng.uniform(-4, 4) * octaves
    for _ in range(rng.integers(1, 5)):
        response += rng.uniform(-8, 8) * np.exp(-np.square((octaves - rng.uniform(-2, 3)) / rng.uniform(0.15, 0.8)))
    if rng.random() < 0.6:
        corner = np.log2(rng.uniform(100, 400) / 1000)
        response -= rng.uniform(12, 24) * np.maximum(0, corner - octaves)
    return response


def background(wave):
    """The background noise of a recording, float32 [0.5 s], which is its quietest half second; None if that is
    silent."""
    half = corpora.SAMPLE_RATE // 2
    power = np.array([np.square(wave[s : s + half]).mean() for s in range(0, len(wave) - half + 1, half // 5)])
    if not len(power) or power.min() <= 0:
        return None
    start = int(power.argmin()) * (half // 5)
    return wave[start : start + half].astype(np.float32)


def looped(noise, length, rng):
    """Noise [length] with the spectrum of the short `noise`, random phases and unit RMS."""
    magnitude = np.sqrt(smoothed(np.square(np.abs(np.fft.rfft(noise * np.hanning(len(noise)), FFT)))))
    spectrum = np.fft.rfft(rng.standard_normal(length))
    spectrum *= np.interp(np.linspace(0, 1, len(spectrum)), np.linspace(0, 1, len(magnitude)), magnitude)
    out = np.fft.irfft(spectrum, length)
    return (out / corpora.rms(out)).astype(np.float32)


def coded(wave, codec):
    """`wave` encoded and decoded by a lossy codec of `CODECS`, at the codec's sample rate."""
    kind, subtype, rate, more = codec
    narrow = wave if rate == corpora.SAMPLE_RATE else signal.resample_poly(wave, rate, corpora.SAMPLE_RATE)
    file = io.BytesIO()
    soundfile.write(file, np.clip(narrow, -1, 1), rate, format=kind, subtype=subtype, **more)
    file.seek(0)
    out = soundfile.read(file, dtype="float32")[0]
    if rate != corpora.SAMPLE_RATE:
        out = signal.resample_poly(out, corpora.SAMPLE_RATE, rate)
    return np.pad(out, (0, max(0, len(wave) - len(out))))[: len(wave)].astype(np.float32)


@dataclass(frozen=True)
class Channel:
    """One drawn channel. `donor`: the set of ordinary speech from which its spectrum and noise come, "" for none."""
    donor: str = ""
    response_db: np.ndarray | None = None
    noise: np.ndarray | None = None     # background noise of the donor; None for synthetic noise
    snr_db: float | None = None
    room: tuple | None = None           # (seed, reverberation time in s, direct to reverberant energy in dB)
    codec: int | None = None            # of CODECS
    telephone: bool = False
    drive_db: float | None = None       # level over full scale, at which the signal is clipped

    def __call__(self, wave, rng):
        """float32 [T] -> [T]; `rng` draws the noise."""
        if self.room:
            seed, rt60_s, direct_db = self.room
            wave = conditions.room(wave, seed, rt60_s, direct_db)
        if self.response_db is not None:
            wave = filtered(wave, self.response_db)
        if self.snr_db is not None:
            made = looped(self.noise, len(wave), rng) if self.noise is not None else corpora.noise(len(wave), rng)
            wave = wave + made * np.float32(conditions.speech_rms(wave) * 10 ** (-self.snr_db / 20))
        wave = wave * np.float32(0.5 / max(1e-6, np.abs(wave).max()))
        if self.drive_db is not None:
            wave = conditions.gain(wave, 6 + self.drive_db)
        if self.telephone:
            wave = conditions.telephone(wave)
        return coded(wave, CODECS[self.codec]) if self.codec is not None else wave


def donor(rng, donors):
    """Draws the set of ordinary speech that a channel imitates: "" half of the time, else one of the sets of `donors`,
    uniformly."""
    names = sorted({p.set for p in donors})
    return names[rng.integers(len(names))] if names and rng.random() < 0.5 else ""


def draw(rng, own=None, donors=()):
    """Draws a channel. `own`: the `spectrum` of the speaker's neutral voice; `donors`: pieces of ordinary speech."""
    name, response, noise = donor(rng, donors), None, None
    if name:
        among = [p for p in donors if p.set == name]
        wave = among[rng.integers(len(among))].wave()
        response, noise = spectrum(wave) - own, background(wave)
    elif rng.random() < 0.7:
        response = microphone(rng)
    line = rng.random()
    return Channel(
        name, response, noise,
        snr_db=rng.uniform(5, 35) if rng.random() < 0.8 else None,
        room=(int(rng.integers(1 << 30)), rng.uniform(0.2, 0.9), rng.uniform(-6, 9)) if rng.random() < 0.6 else None,
        codec=int(rng.integers(len(CODECS))) if line < 0.4 else None,
        telephone=0.4 <= line < 0.55,
        drive_db=rng.uniform(0, 9) if rng.random() < 0.15 else None,
    )
