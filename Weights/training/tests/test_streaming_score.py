"""Made-up conversations whose figures can be worked out by hand."""
import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from streaming import score
from streaming.session import Window
from streaming.truth import Stretch


def said(*rows):
    return [Stretch(start, end, speaker, emotion) for start, end, speaker, emotion in rows]


def shown(*rows):
    """Windows of 3 s by (end, displayed label)."""
    return [Window(end - 3, end, "ok" if label else "silence", 1.0, None, None, label) for end, label in rows]


def figures(windows, stretches):
    return score.figures(score.measure(windows, stretches))


class Shares(unittest.TestCase):
    def test_speech_time_is_divided_by_what_is_displayed(self):
        # 10 s of angry: nothing to 3, angry to 6, unsure to 7, sad to 9, nothing to 10.
        found = figures(shown((3, "angry"), (6, "unsure"), (7, "sad"), (9, "")), said((0, 10, "a", "angry")))
        self.assertEqual([found[k] for k in ("right", "wrong", "unsure", "nothing")], [0.3, 0.2, 0.1, 0.4])
        self.assertEqual(found["right_by_emotion"], {"angry": 0.3, "happy": None, "neutral": None, "sad": None})
        self.assertEqual(found["speech_s"], 10)

    def test_a_window_counts_from_its_end_and_not_between(self):
        # Turn 1.25 to 2.25 within a run of happy from 1.5 on: 0.75 s of 1 s.
        found = figures(shown((1.0, "sad"), (1.5, "happy"), (4, "")), said((1.25, 2.25, "a", "happy")))
        self.assertEqual((found["right"], found["wrong"]), (0.75, 0.25))

    def test_right_is_weighed_by_time_within_each_emotion(self):
        # angry 0–4 shown from 3 on (1 of 4 s), sad 4–6 shown throughout from 4 (2 of 2 s).
        found = figures(shown((3, "angry"), (4, "sad")), said((0, 4, "a", "angry"), (4, 6, "b", "sad")))
        self.assertEqual(found["right"], 0.5)
        self.assertEqual((found["right_by_emotion"]["angry"], found["right_by_emotion"]["sad"]), (0.25, 1.0))

    def test_no_speech_gives_no_share(self):
        found = figures(shown((3, "")), said((0, 4, "", "silence")))
        self.assertEqual((found["right"], found["delay_median_s"], found["never_shown"]), (None, None, None))
        self.assertEqual(found["nonspeech_shown"], 0)


class Delay(unittest.TestCase):
    def delays(self, windows, stretches):
        return score.measure(windows, stretches).delays

    def test_runs_from_the_turn_to_the_first_display_that_lasts(self):
        # sad at 3 lasts 0.5 s only; the one from 5 lasts.
        windows = shown((3, "sad"), (3.5, "angry"), (5, "sad"), (6.5, "angry"))
        self.assertEqual(self.delays(windows, said((2, 8, "a", "sad"))), [3])

    def test_exactly_one_second_lasts(self):
        self.assertEqual(self.delays(shown((3, "sad"), (4, "angry")), said((2, 8, "a", "sad"))), [1])
        self.assertEqual(self.delays(shown((3, "sad"), (3.9, "angry")), said((2, 8, "a", "sad"))), [None])

    def test_is_zero_where_the_display_shows_it_already_and_goes_on_to(self):
        turns = said((0, 4, "a", "sad"), (4, 9, "b", "angry"))
        self.assertEqual(self.delays(shown((1, "sad"), (3, "angry")), turns), [1, 0])

    def test_what_ends_too_soon_after_the_turn_began_does_not_count(self):
        # angry from 3 to 4.5 spans the turn's start at 4, but only 0.5 s of it; angry again from 6.
        turns = said((0, 4, "a", "sad"), (4, 9, "b", "angry"))
        self.assertEqual(self.delays(shown((1, "sad"), (3, "angry"), (4.5, "sad"), (6, "angry")), turns), [1, 2])

    def test_may_come_up_to_one_and_a_half_seconds_after_the_turn(self):
        turns = said((0, 4, "a", "sad"), (9, 12, "b", "angry"))
        self.assertEqual(self.delays(shown((5.25, "sad"), (10, "angry")), turns), [5.25, 1])
        self.assertEqual(self.delays(shown((5.5, "sad"), (10, "angry")), turns), [None, 1])

    def test_not_after_the_next_turn_began(self):
        turns = said((0, 4, "a", "sad"), (4.5, 12, "b", "angry"))
        self.assertEqual(self.delays(shown((5, "sad"), (7, "angry")), turns), [None, 2.5])

    def test_a_new_speaker_in_the_same_emotion_is_no_change(self):
        turns = said((0, 4, "a", "sad"), (5, 9, "b", "sad"), (9, 15, "b", "happy"))
        self.assertEqual(self.delays(shown((3, "sad"), (11, "happy")), turns), [3, 2])

    def test_median_and_percentile_leave_out_what_was_never_shown(self):
        tally = score.Tally(stream=60, delays=[1.0, None, 2.0, 4.0])
        found = score.figures(tally)
        # numpy's linear percentile of 1, 2, 4: position 0.9 · 2 = 1.8, so 2 + 0.8 · 2.
        self.assertEqual((found["delay_median_s"], found["delay_p90_s"]), (2.0, 3.6))
        self.assertEqual((found["never_shown"], found["changes"]), (0.25, 4))


class FalseChanges(unittest.TestCase):
    def count(self, windows, stretches):
        return score.measure(windows, stretches).false_changes

    def test_to_the_truth_of_now_or_of_the_last_second_is_not_false(self):
        turns = said((0, 10, "a", "sad"), (10, 20, "b", "angry"))
        self.assertEqual(self.count(shown((3, "sad"), (12, "angry")), turns), 0)
        self.assertEqual(self.count(shown((3, "angry"), (10.9, "sad"), (12, "angry")), turns), 1)     # the one at 3
        self.assertEqual(self.count(shown((3, "angry"), (11.1, "sad"), (12, "angry")), turns), 2)

    def test_each_wrong_emotion_counts_and_the_return_does_not(self):
        windows = shown((3, "sad"), (4, "happy"), (5, "neutral"), (6, "sad"))
        self.assertEqual(self.count(windows, said((0, 10, "a", "sad"))), 2)

    def test_unsure_and_nothing_between_do_not_make_a_change(self):
        windows = shown((3, "happy"), (4, "unsure"), (5, "happy"), (6, ""), (7, "happy"))
        self.assertEqual(self.count(windows, said((0, 10, "a", "sad"))), 1)

    def test_emotion_out_of_silence_is_false(self):
        self.assertEqual(self.count(shown((6, "happy")), said((0, 4, "a", "sad"), (4, 9, "", "noise"))), 1)

    def test_are_counted_per_minute_of_the_stream(self):
        found = figures(shown((3, "happy")), said((0, 10, "a", "sad"), (10, 30, "", "silence")))
        self.assertEqual(found["false_changes_per_minute"], 2)


class NonSpeech(unittest.TestCase):
    def test_plain_and_late(self):
        # Speech to 10; noise 10–20, shown sad to 12.5, unsure to 14, sad 19–20. Late is 11.5–20.
        windows = shown((3, "sad"), (12.5, "unsure"), (14, ""), (19, "sad"))
        found = figures(windows, said((0, 10, "a", "sad"), (10, 20, "", "noise")))
        self.assertEqual(found["nonspeech_shown"], 0.35)
        self.assertEqual(found["nonspeech_unsure"], 0.15)
        self.assertEqual(found["nonspeech_late_shown"], round(2 / 8.5, 4))
        self.assertEqual((found["nonspeech_late_s"], found["noise_late_s"]), (8.5, 8.5))

    def test_true_is_right_in_speech_and_no_emotion_without(self):
        # 2–6 sad, shown from 3 to 8: 3 s right; of 6 s without speech, 0–2 and 8–10 show nothing.
        found = figures(shown((3, "sad"), (8, "unsure"), (10, "")), said((2, 6, "a", "sad")))
        self.assertEqual(found["true"], 0.7)

    def test_before_the_first_speech_is_late(self):
        found = figures(shown((3, "sad")), said((0, 4, "", "silence"), (4, 8, "a", "sad")))
        self.assertEqual((found["nonspeech_late_shown"], found["nonspeech_late_s"]), (0.25, 4))
        self.assertEqual((found["noise_late_shown"], found["noise_late_s"]), (None, 0))

    def test_what_the_truth_leaves_out_is_silence(self):
        # The session goes on to 10, the truth ends at 6.
        found = figures(shown((3, "sad"), (8, "")) + shown((10, "")), said((2, 6, "a", "sad")))
        self.assertEqual((found["speech_s"], found["nonspeech_s"]), (4, 6))
        self.assertEqual(found["nonspeech_shown"], round(2 / 6, 4))


class Sums(unittest.TestCase):
    def test_conversations_add_up_by_time(self):
        one = score.measure(shown((3, "sad")), said((0, 4, "a", "sad")))                      # right 1 of 4 s
        two = score.measure(shown((3, "sad"), (6, "angry")), said((0, 12, "a", "sad")))       # right 3 of 12, wrong 6
        found = score.figures(one + two)
        self.assertEqual((found["right"], found["wrong"]), (0.25, 0.375))
        self.assertEqual((found["changes"], found["delay_median_s"]), (2, 3))
        self.assertEqual(found["false_changes_per_minute"], 3.75)                             # 1 in 16 s

    def test_overlapping_and_unknown_stretches_are_refused(self):
        with self.assertRaisesRegex(ValueError, "overlaps"):
            score.measure([], said((0, 4, "a", "sad"), (3, 5, "b", "sad")))
        with self.assertRaisesRegex(ValueError, "'bored'"):
            score.measure([], said((0, 4, "a", "bored")))

    def test_command_reads_files(self):
        with tempfile.TemporaryDirectory() as name:
            log, heard = Path(name) / "log.csv", Path(name) / "truth.csv"
            log.write_text(
                "seq,start_s,end_s,status,speech,p_angry,p_happy,p_neutral,p_sad,s_angry,s_happy,s_neutral,s_sad,"
                "smoothed_label\r\n"
                "0,0,3,ok,1,0.7,0.1,0.1,0.1,0.7,0.1,0.1,0.1,angry\r\n"
                "1,1,1,marker,,,,,,,,,,\r\n"
                "2,1,4,silence,0,,,,,,,,,\r\n")
            heard.write_text("start_s,end_s,speaker,emotion,source\n0.0,5.0,a,angry,x.flac\n")
            out = io.StringIO()
            with mock.patch.object(sys, "argv", ["score", str(log), str(heard), "--json"]), \
                    contextlib.redirect_stdout(out):
                score.main()
            self.assertEqual(json.loads(out.getvalue())["right"], 0.2)


if __name__ == "__main__":
    unittest.main()
