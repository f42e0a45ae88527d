import math
import unittest

from streaming import session
from streaming.session import Window


def window(start, speech=1.0, raw=(0.7, 0.1, 0.1, 0.1)):
    return Window(start, start + 3, "ok", speech, raw, raw, "angry")


SAD = (0.1, 0.1, 0.1, 0.7)


class Derive(unittest.TestCase):
    def test_smoothing_halves_the_past_in_its_half_life(self):
        # A time constant of 1 / ln 2 seconds halves the past in 1 s: 0.7 → (0.7 + 0.1) / 2, then (0.4 + 0.1) / 2.
        out = session.derive([window(0), window(1, raw=SAD), window(2, raw=SAD)], 1, 1 / math.log(2), 0, 0)
        self.assertEqual([round(w.smoothed[0], 9) for w in out], [0.7, 0.4, 0.25])
        self.assertEqual([round(w.smoothed[3], 9) for w in out], [0.1, 0.4, 0.55])
        self.assertEqual([w.label for w in out][::2], ["angry", "sad"])

    def test_silence_is_no_step_but_time_goes_on(self):
        out = session.derive([window(0), window(1, speech=0.1), window(2, raw=SAD)], 1, 1 / math.log(2), 0.2, 0)
        self.assertEqual([w.status for w in out], ["ok", "silence", "ok"])
        self.assertEqual(out[1].label, "")
        self.assertAlmostEqual(out[2].smoothed[0], 0.7 / 4 + 0.1 * 3 / 4)

    def test_no_smoothing_at_zero(self):
        self.assertEqual(session.derive([window(0), window(1, raw=SAD)], 1, 0, 0, 0)[1].smoothed, SAD)

    def test_gate_is_reached_from_its_value_on(self):
        out = session.derive([window(0, speech=0.2), window(1, speech=0.199)], 1, 0, 0.2, 0)
        self.assertEqual([w.status for w in out], ["ok", "silence"])

    def test_a_longer_hop_takes_the_windows_that_it_would_cut(self):
        out = session.derive([window(0.25 * i) for i in range(9)], 1, 0, 0, 0)
        self.assertEqual([w.start for w in out], [0, 1, 2])

    def test_unsure_below_the_threshold(self):
        out = session.derive([window(0), window(1, raw=(0.6, 0.2, 0.1, 0.1))], 1, 0, 0, 0.7)
        self.assertEqual([w.label for w in out], ["angry", "unsure"])


class Differences(unittest.TestCase):
    def setUp(self):
        self.derived = session.derive([window(0), window(1, raw=SAD)], 1, 1, 0, 0)

    def found(self, **changes):
        changed = Window(**{**vars(self.derived[1]), **changes})
        return session.differences(self.derived, [self.derived[0], changed], 0)

    def test_none_within_the_rounding_of_the_log(self):
        rounded = tuple(round(s, 4) for s in self.derived[1].smoothed)
        self.assertEqual(self.found(smoothed=rounded), [])

    def test_scores_labels_status_and_counts(self):
        off = tuple(s + 0.0003 for s in self.derived[1].smoothed)
        self.assertIn("smoothed", self.found(smoothed=off)[0])
        self.assertIn("'happy'", self.found(label="happy")[0])
        self.assertIn("silence", self.found(status="silence")[0])
        self.assertIn("1 in the program's log", session.differences(self.derived, self.derived[:1], 0)[0])


if __name__ == "__main__":
    unittest.main()
