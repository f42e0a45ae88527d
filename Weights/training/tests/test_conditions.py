import tempfile
import unittest
from pathlib import Path

import numpy as np
import soundfile

import conditions
from conditions import SAMPLE_RATE


def tone(hertz, seconds=1.0, amplitude=0.1):
    return (amplitude * np.sin(2 * np.pi * hertz * np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE)).astype("f4")


def rms(wave):
    return float(np.sqrt(np.square(wave, dtype=np.float64).mean()))


def db(ratio):
    return 20 * np.log10(ratio)


class Gain(unittest.TestCase):
    def test_scales_by_decibels(self):
        np.testing.assert_allclose(conditions.gain(np.float32([0.01, -0.02]), 20), [0.1, -0.2], rtol=1e-6)
        np.testing.assert_allclose(conditions.gain(np.float32([0.5]), -20), [0.05], rtol=1e-6)

    def test_clips_at_full_scale(self):
        np.testing.assert_array_equal(conditions.gain(np.float32([0.5, -0.5, 0.1]), 10)[:2], [1, -1])


class Noise(unittest.TestCase):
    def setUp(self):
        self.noise = np.random.default_rng(0).standard_normal(8_000).astype("f4") * 0.3

    def test_ratio_is_that_of_speech_to_noise(self):
        wave = tone(440)
        for snr in (10, 0):
            added = conditions.mixed(wave, self.noise, snr, 1) - wave
            self.assertAlmostEqual(db(rms(wave) / rms(added)), snr, places=2)

    def test_pauses_do_not_lower_the_speech_level(self):
        paused = np.concatenate([tone(440), np.zeros(3 * SAMPLE_RATE, "f4")])
        self.assertAlmostEqual(conditions.speech_rms(paused), rms(tone(440)), places=4)

    def test_starts_where_the_noise_has_sound(self):
        sparse = np.zeros(80_000, "f4")
        sparse[40_000:40_640] = 0.5
        wave = tone(440)
        for seed in range(5):
            added = conditions.mixed(wave, sparse, 10, seed) - wave
            self.assertAlmostEqual(db(rms(wave) / rms(added)), 10, places=2)

    def test_brought_down_to_full_scale_with_the_ratio_kept(self):
        wave = tone(440, amplitude=0.9)
        out = conditions.mixed(wave, self.noise, 0, 1).astype(np.float64)
        self.assertAlmostEqual(np.abs(out).max(), 1, places=6)
        # The component of the mixture along the wave and the remainder still have the ratio.
        along = wave * (out @ wave / (wave.astype(np.float64) @ wave))
        self.assertAlmostEqual(db(rms(along) / rms(out - along)), 0, delta=0.3)

    def test_draws_among_all_noises(self):
        tones = [tone(hertz) for hertz in (1_000, 2_000, 3_000)]
        wave, drawn = tone(440), set()
        for seed in range(20):
            added = conditions.noisy(wave, tones, 10, seed) - wave
            drawn.add(int(np.abs(np.fft.rfft(added)).argmax()))
        self.assertEqual(drawn, {1_000, 2_000, 3_000})

    def test_silent_noise_is_refused(self):
        with self.assertRaises(ValueError):
            conditions.mixed(tone(440), np.zeros(100, "f4"), 10, 1)


class Telephone(unittest.TestCase):
    def test_passes_the_band_alone(self):
        settled = slice(4_000, 12_000)
        for hertz in (500, 1_000, 3_000):
            loss = db(rms(tone(hertz)[settled]) / rms(conditions.telephone(tone(hertz))[settled]))
            self.assertAlmostEqual(loss, 0, delta=1, msg=f"{hertz} Hz")
        for hertz in (100, 3_900, 5_000, 7_000):
            loss = db(rms(tone(hertz)[settled]) / rms(conditions.telephone(tone(hertz))[settled]))
            self.assertGreater(loss, 30, msg=f"{hertz} Hz")


class Room(unittest.TestCase):
    def test_falls_by_60_db_in_the_reverberation_time(self):
        # Schroeder's backward integration, line through −5 to −25 dB, as ISO 3382 measures T20.
        response = conditions.impulse_response(3)
        decay = 10 * np.log10(np.cumsum(np.square(response[1:])[::-1])[::-1] / np.square(response[1:]).sum())
        part = np.flatnonzero((decay <= -5) & (decay >= -25))
        slope = np.polyfit(part / SAMPLE_RATE, decay[part], 1)[0]
        self.assertAlmostEqual(-60 / slope, 0.6, delta=0.04)

    def test_direct_sound_has_the_energy_of_the_rest(self):
        response = conditions.impulse_response(3)
        self.assertEqual(response[0], 1)
        self.assertFalse(response[1:80].any())
        self.assertAlmostEqual(np.square(response[1:]).sum(), 1, places=6)

    def test_keeps_the_level_and_rings_on(self):
        wave = np.concatenate([tone(440), np.zeros(SAMPLE_RATE, "f4")])
        out = conditions.room(wave, 3)
        self.assertAlmostEqual(rms(out), rms(wave), places=5)
        self.assertGreater(rms(out[16_100:20_000]), 0.001)


class Conditions(unittest.TestCase):
    def setUp(self):
        self.wave = tone(440, 0.77773)
        self.noises = [np.random.default_rng(i).standard_normal(9_000).astype("f4") for i in range(4)]

    def test_each_keeps_length_and_type_and_is_drawn_from_the_seed_alone(self):
        for name in conditions.CONDITIONS:
            out = conditions.apply(name, self.wave, (7, 1), self.noises)
            self.assertEqual((out.shape, out.dtype), (self.wave.shape, np.float32), name)
            np.testing.assert_array_equal(out, conditions.apply(name, self.wave, (7, 1), self.noises), name)
            if name != "clean":
                self.assertGreater(np.abs(out - self.wave).max(), 1e-3, name)
        for name in ("noise 10 dB", "noise 0 dB", "room"):
            other = conditions.apply(name, self.wave, (7, 2), self.noises)
            self.assertGreater(np.abs(other - conditions.apply(name, self.wave, (7, 1), self.noises)).max(), 1e-3)

    def test_unknown_names_and_missing_noises_are_refused(self):
        with self.assertRaisesRegex(ValueError, "there are: clean"):
            conditions.apply("underwater", self.wave, 0)
        with self.assertRaisesRegex(ValueError, "needs noises"):
            conditions.apply("noise 10 dB", self.wave, 0)


class NoiseFolder(unittest.TestCase):
    def test_reads_the_manifest_beside_or_above(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "noise"
            (folder / "esc10").mkdir(parents=True)
            soundfile.write(folder / "esc10" / "a.wav", tone(100), SAMPLE_RATE, subtype="FLOAT")
            soundfile.write(folder / "esc10" / "b.wav", tone(200, 0.5), SAMPLE_RATE, subtype="FLOAT")
            (folder / "manifest.csv").write_text("path,label\nnoise/esc10/a.wav,Hum\nesc10/b.wav,Hum\n")
            noises = conditions.read_noises(folder)
            self.assertEqual([len(n) for n in noises], [16_000, 8_000])
            np.testing.assert_array_equal(noises[0], tone(100))

    def test_silence_and_other_rates_are_refused(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with self.assertRaises(SystemExit):
                conditions.read_noises(folder)
            (folder / "manifest.csv").write_text("path,label\na.wav,Hum\n")
            soundfile.write(folder / "a.wav", np.zeros(100), SAMPLE_RATE)
            with self.assertRaisesRegex(SystemExit, "no sound"):
                conditions.read_noises(folder)
            soundfile.write(folder / "a.wav", tone(100), 44_100)
            with self.assertRaisesRegex(SystemExit, "44100 Hz"):
                conditions.read_noises(folder)


if __name__ == "__main__":
    unittest.main()
