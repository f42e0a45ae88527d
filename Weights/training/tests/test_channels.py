"""Channels: a drawn channel is valid and reproducible, and turns of a meeting are mostly one voice."""
import unittest

import numpy as np

import channels
import ordinary

RATE = 16_000
VOICE = (np.sin(np.arange(3 * RATE) * 0.05) * np.hanning(3 * RATE) * 0.1).astype(np.float32)


class Piece:
    def __init__(self, name):
        self.set = name

    def wave(self):
        return np.random.default_rng(1).standard_normal(5 * RATE).astype(np.float32) * 0.01


class Drawn(unittest.TestCase):
    def test_keeps_the_length_and_is_finite_and_repeats(self):
        for seed in range(20):
            channel = channels.draw(np.random.default_rng(seed), channels.spectrum(VOICE), [Piece("a")])
            out = channel(VOICE, np.random.default_rng(1))
            self.assertEqual((out.shape, out.dtype), (VOICE.shape, np.float32))
            self.assertTrue(np.isfinite(out).all() and out.any(), channel)
            again = channels.draw(np.random.default_rng(seed), channels.spectrum(VOICE), [Piece("a")])
            np.testing.assert_array_equal(again(VOICE, np.random.default_rng(1)), out)

    def test_donor_is_told_without_drawing_the_rest(self):
        donors = [Piece("a"), Piece("b")]
        told = [channels.donor(np.random.default_rng(s), donors) for s in range(30)]
        drawn = [channels.draw(np.random.default_rng(s), channels.spectrum(VOICE), donors).donor for s in range(30)]
        self.assertEqual(told, drawn)
        self.assertEqual(set(told), {"", "a", "b"})

    def test_codecs_keep_time(self):
        for codec in channels.CODECS:
            out = channels.coded(VOICE * 5, codec)
            lag = np.argmax(np.correlate(out[8000:24000], VOICE[9000:23000] * 5, "valid")) - 1000
            self.assertLess(abs(lag), 0.1 * RATE, codec)

    def test_filter_does_what_its_response_says(self):
        response = np.zeros(channels.FFT // 2 + 1)
        response[:16] = -15                     # below 500 Hz
        low = np.sin(2 * np.pi * 200 * np.arange(RATE) / RATE).astype(np.float32)
        high = np.sin(2 * np.pi * 2000 * np.arange(RATE) / RATE).astype(np.float32)
        change = [20 * np.log10(channels.filtered(w, response)[2000:-2000].std() / w.std()) for w in (low, high)]
        self.assertLess(change[0] - change[1], -12)


class Meetings(unittest.TestCase):
    def test_turns_are_long_and_mostly_one_voice(self):
        rows = [("m", 0.0, 6.0, "a"), ("m", 5.0, 1.5, "b"), ("m", 10.0, 6.0, "a"), ("m", 10.5, 4.0, "b"), ("m", 20.0, 2.0, "a")]
        lines = [f"SPEAKER {f} 1 {s} {d} <NA> <NA> {who} <NA> <NA>" for f, s, d, who in rows]
        self.assertEqual(ordinary.turns(lines), {"m": [("a", 0, 6 * RATE)]})

    def test_windows_of_the_reference_and_of_the_rest_share_no_sample(self):
        starts = np.array(ordinary.window_starts(9 * RATE))
        first, rest = ordinary.parts(starts)
        self.assertEqual((starts[first] / RATE).tolist(), [0, 1])
        self.assertEqual((starts[rest] / RATE).tolist(), [4, 5, 6])


if __name__ == "__main__":
    unittest.main()
