"""References by their seconds of speech: what they hold, and the windows that cover them."""
import unittest

import numpy as np

import corpora
import voices
from caser import SAMPLE_RATE

RATE = SAMPLE_RATE


def speech(seconds):
    """A tone between half seconds of silence."""
    quiet = np.zeros(RATE // 2, np.float32)
    return np.concatenate((quiet, np.sin(np.arange(round(seconds * RATE)) * 0.3).astype(np.float32), quiet))


class Spoken(unittest.TestCase):
    def test_it_has_the_seconds_of_speech_of_as_few_clips_as_that_takes(self):
        wave, count = voices.spoken([speech(2), speech(2), speech(2)], 3)
        self.assertEqual((len(wave), count), (3 * RATE, 2))
        self.assertGreater(np.abs(wave).reshape(-1, 320).max(1).min(), 0.5)     # no silence inside

    def test_too_few_clips_give_what_there_is(self):
        wave, count = voices.spoken([speech(1)], 5)
        self.assertEqual((round(len(wave) / RATE), count), (1, 1))


class Covering(unittest.TestCase):
    def test_the_windows_cover_all_samples(self):
        for seconds in (3, 5, 6, 10, 20):
            wave = np.arange(seconds * RATE, dtype=np.float32)
            windows = voices.covering(wave)
            self.assertEqual(len(windows), -(-seconds // 3))
            self.assertEqual(len(np.unique(windows)), len(wave))

    def test_less_than_a_window_is_repeated(self):
        (window,) = voices.covering(np.arange(RATE, dtype=np.float32))
        self.assertEqual(len(window), corpora.WINDOW)
        self.assertEqual(window[RATE], 0)


if __name__ == "__main__":
    unittest.main()
