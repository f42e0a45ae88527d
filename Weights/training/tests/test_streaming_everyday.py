"""Everyday streams: mostly ordinary, no clip twice, and shares by part and true emotion."""
import unittest

import numpy as np

from streaming import everyday
from streaming.session import NOTHING, Window
from streaming.truth import Stretch

NEUTRAL = [f"n{i}" for i in range(80)]
EMOTIONAL = {e: [f"{e}{i}" for i in range(10)] for e in ("angry", "happy", "sad")}


def window(end, label):
    return Window(end - 3, end, "ok", 1.0, None, None, label)


class Turns(unittest.TestCase):
    def setUp(self):
        self.turns = everyday.turns_of(NEUTRAL, EMOTIONAL, np.random.default_rng(1))

    def test_no_clip_twice(self):
        clips = [clip for _, some in self.turns for clip in some]
        self.assertEqual(len(set(clips)), len(clips))

    def test_a_fifth_is_emotional_and_the_beginning_is_not(self):
        count = sum(len(clips) for emotion, clips in self.turns if emotion != everyday.ORDINARY)
        self.assertEqual(count, 20)
        self.assertEqual([emotion for emotion, _ in self.turns[:2]], [everyday.ORDINARY] * 2)

    def test_few_emotional_clips_are_not_repeated(self):
        turns = everyday.turns_of(NEUTRAL, {"sad": ["s"]}, np.random.default_rng(1))
        self.assertEqual(sum(len(clips) for emotion, clips in turns if emotion == "sad"), 1)


class Seen(unittest.TestCase):
    def test_shares_by_part(self):
        stretches = [Stretch(0, 10, "", "neutral"), Stretch(10, 20, "", "angry"), Stretch(70, 80, "", "neutral")]
        windows = [window(0.001, "neutral"), window(5, "sad"), window(12, "angry"), window(70, NOTHING), window(78, "sad")]
        shown, delays = everyday.seen(windows, stretches)
        first, later = (everyday.figures(shown, delays, part) for part in ("first minute", "later"))
        self.assertAlmostEqual(first["ordinary_shown_as_emotion"], 0.5, places=3)
        self.assertAlmostEqual(first["emotional_time_right"], 0.8, places=3)
        self.assertEqual((first["turns"], first["turns_found"], first["delay_median_s"]), (1, 1.0, 2.0))
        self.assertAlmostEqual(later["ordinary_shown_as_emotion"], 0.2, places=3)
        self.assertEqual((later["turns"], later["turns_found"]), (0, None))
        self.assertEqual(everyday.figures(shown, delays, "second minute"), later)
        self.assertIsNone(everyday.figures(shown, delays, "third minute")["ordinary_shown_as_emotion"])


if __name__ == "__main__":
    unittest.main()
