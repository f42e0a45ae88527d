"""Conversations of voices on one microphone: whose turn it is, and what is counted as right."""
import itertools
import unittest

import numpy as np

from streaming import speakers, voices
from streaming.sound import RATE


class Talker:
    """Says `count` sentences of two seconds of noise with a pause in the middle."""

    def __init__(self, count):
        self.left, self.rng = count, np.random.default_rng(count)

    def turn(self):
        if self.left == 0:
            return None
        self.left -= 1
        wave = self.rng.normal(0, 0.1, 2 * RATE)
        wave[RATE - RATE // 4 : RATE + RATE // 4] *= 1e-3
        return wave, "sad"


def conversation(overlap, seconds=60.0, count=8):
    return voices.stitch({"a": Talker(count), "b": Talker(count)}, seconds, overlap, np.random.default_rng(1))


class Stitch(unittest.TestCase):
    def test_turns_alternate_and_do_not_overlap(self):
        audio, turns, stretches = conversation(overlap=0.0)
        self.assertGreater(len(turns), 10)
        for before, after in itertools.pairwise(turns):
            self.assertNotEqual(before[2], after[2])
            self.assertGreaterEqual(after[0] - before[1], 0.1 * RATE - 1)
        self.assertGreaterEqual(len(audio), turns[-1][1] + RATE)
        # The pause of half a second cuts each turn in two.
        self.assertEqual(len(stretches), 2 * len(turns))
        for start, end, name in stretches:
            self.assertTrue(any(name == turn[2] and turn[0] <= start < end <= turn[1] for turn in turns))

    def test_turns_overlap_if_asked(self):
        _, turns, _ = conversation(overlap=1.0)
        for before, after in itertools.pairwise(turns):
            self.assertGreaterEqual(before[1] - after[0], 0.3 * RATE - 1)
            self.assertLessEqual(before[1] - after[0], 1.0 * RATE + 1)

    def test_it_ends_when_a_voice_has_nothing_more_to_say(self):
        _, turns, _ = conversation(overlap=0.0, count=2)
        self.assertIn(len(turns), (4, 5))


class Score(unittest.TestCase):
    def test_moments_of_two_at_once_are_left_out(self):
        times = [time for time, _, _ in speakers.moments([(0, 2, "a", "sad"), (1, 3, "b", "happy")])]
        self.assertTrue(all(time < 1 or time >= 2 for time in times))
        self.assertAlmostEqual(len(times) * speakers.STEP_S, 2)

    def test_names_belong_to_voices_one_to_one(self):
        found = ["A", "A", "B", "B", "B", ""]
        truth = ["x", "x", "x", "y", "y", "y"]
        self.assertEqual(speakers.matched(found, truth), {"A": "x", "B": "y"})
        self.assertEqual(speakers.matched(["C"] + found, ["y"] + truth), {"A": "x", "B": "y"})
        self.assertEqual(speakers.matched(["A", "A"], ["x", "y"]), {"A": "x"})
        self.assertEqual(speakers.matched([""], ["x"]), {})


if __name__ == "__main__":
    unittest.main()
