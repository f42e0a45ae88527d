"""Sessions: no clip is repeated, emotional turns come after the beginning, and rules use preceding windows only."""
import unittest

import numpy as np

import sessions

TRUTH = np.repeat(np.arange(4), 20)


class Plain:
    """An offset with a doubt of 0."""

    def __call__(self, logits, reference_logits, count):
        return logits - (count > 0)[:, None] * (reference_logits - np.array([0, 0, 2.0, 0]))


class Order(unittest.TestCase):
    def test_every_neutral_clip_once_and_a_fifth_emotional(self):
        order = sessions.session(TRUTH, np.random.default_rng(1))
        self.assertEqual(len(set(order.tolist())), len(order))
        self.assertEqual((TRUTH[order] == sessions.NEUTRAL).sum(), 20)
        self.assertEqual(len(order), 24)
        self.assertTrue((TRUTH[order[:2]] == sessions.NEUTRAL).all())

    def test_may_begin_with_an_emotion(self):
        order = sessions.session(TRUTH, np.random.default_rng(1), begins=1)
        self.assertTrue((TRUTH[order[:3]] == 1).all())


class Heard(unittest.TestCase):
    def setUp(self):
        self.truth = np.full(10, sessions.NEUTRAL)
        self.logits = np.tile([3.0, 0, 1, 0], (10, 1))          # a voice that always sounds happy

    def test_a_voice_becomes_neutral_once_it_was_heard(self):
        p = sessions.heard(Plain(), self.logits, self.truth, "all")
        self.assertEqual(p.argmax(1).tolist(), [0, 0] + [2] * 8)

    def test_without_a_rule_it_stays_as_it_is(self):
        self.assertEqual(set(sessions.heard(Plain(), self.logits, self.truth, "none").argmax(1)), {0})

    def test_what_comes_later_changes_nothing_before(self):
        other = self.logits.copy()
        other[5:] = [0, 9, 0, 0]
        for rule in sessions.RULES:
            both = [sessions.heard(Plain(), x, self.truth, rule)[:5] for x in (self.logits, other)]
            np.testing.assert_array_equal(*both)


if __name__ == "__main__":
    unittest.main()
