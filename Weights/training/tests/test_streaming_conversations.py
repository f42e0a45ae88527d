import tempfile
import unittest
from pathlib import Path

import numpy as np
import soundfile

from streaming import conversations, truth
from streaming.sound import RATE


class Conversations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        root, rng = Path(cls.folder.name), np.random.default_rng(0)
        cls.clips, cls.noises = {}, []
        for speaker in "abcd":
            for emotion in ("angry", "sad", "happy"):
                for i in range(3):
                    # A quarter of a second of silence on either side, which must not count as speech.
                    wave = np.pad(0.1 * rng.standard_normal(2 * RATE), RATE // 4)
                    path = root / f"{speaker}-{emotion}-{i}.wav"
                    soundfile.write(path, wave, RATE, subtype="FLOAT")
                    cls.clips.setdefault((speaker, emotion), []).append(path)
        soundfile.write(root / "hum.wav", 0.2 * rng.standard_normal(RATE), RATE, subtype="FLOAT")
        cls.noises = [{"path": root / "hum.wav"}]
        cls.audio, cls.stretches = conversations.stitch(cls.clips, cls.noises, 100, np.random.default_rng(5))
        cls.turns = [s for s in cls.stretches if s.is_speech]

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def level(self, stretch, inset=0.0):
        part = self.audio[round((stretch.start + inset) * RATE) : round((stretch.end - inset) * RATE)]
        return 10 * np.log10(np.square(part).mean())

    def test_truth_covers_the_stream_without_gaps(self):
        self.assertEqual(truth.covering(self.stretches, 0), self.stretches)
        self.assertEqual(self.stretches[-1].end, len(self.audio) / RATE)
        self.assertEqual(len(self.audio) % RATE, 0)
        self.assertGreaterEqual(len(self.audio), 100 * RATE)

    def test_sound_is_where_the_truth_says(self):
        for stretch in self.stretches:
            if stretch.is_speech:
                self.assertAlmostEqual(self.level(stretch), -23, delta=3.5)
            elif stretch.emotion == truth.NOISE:
                self.assertTrue(-31 < self.level(stretch, 0.02) < -17, self.level(stretch, 0.02))
            else:
                self.assertTrue(-67 < self.level(stretch, 0.01) < -48, self.level(stretch, 0.01))

    def test_turns_change_speaker_or_emotion(self):
        kinds = {(a.speaker == b.speaker, a.emotion == b.emotion) for a, b in zip(self.turns, self.turns[1:])}
        self.assertEqual(kinds, {(True, False), (False, True), (False, False)})
        self.assertTrue(2 <= len({t.speaker for t in self.turns}) <= 3)
        for turn in self.turns:
            names = turn.source.split()
            self.assertEqual(len(set(names)), len(names))
            self.assertTrue(all(n.startswith(f"{turn.speaker}-{turn.emotion}") for n in names))
        self.assertEqual({len(t.source.split()) for t in self.turns}, {1, 2, 3})

    def test_pauses_have_their_lengths_and_some_are_noise(self):
        between = [s for s in self.stretches[:-1] if not s.is_speech]
        lengths = [s.end - s.start for s in between]
        self.assertTrue(0.29 <= min(lengths) and max(lengths) <= 8.01)
        self.assertGreater(max(lengths), 4)
        self.assertEqual({s.emotion for s in between}, {truth.NOISE, truth.SILENCE})

    def test_same_seed_same_conversation(self):
        again, rows = conversations.stitch(self.clips, self.noises, 100, np.random.default_rng(5))
        np.testing.assert_array_equal(again, self.audio)
        self.assertEqual(rows, self.stretches)
        other, _ = conversations.stitch(self.clips, self.noises, 10, np.random.default_rng(6))
        self.assertFalse(np.array_equal(other[: 10 * RATE], self.audio[: 10 * RATE]))

    def test_without_noises_pauses_are_quiet(self):
        _, rows = conversations.stitch(self.clips, [], 60, np.random.default_rng(5))
        self.assertNotIn(truth.NOISE, {s.emotion for s in rows})

    def test_one_speaker_is_refused(self):
        with self.assertRaisesRegex(SystemExit, "two speakers"):
            conversations.stitch({("a", "sad"): []}, [], 60, np.random.default_rng(5))

    def test_truth_is_read_back(self):
        path = Path(self.folder.name) / "truth.csv"
        truth.write(path, self.stretches)
        for ours, theirs in zip(truth.read(path), self.stretches, strict=True):
            self.assertEqual((ours.speaker, ours.emotion, ours.source), (theirs.speaker, theirs.emotion, theirs.source))
            self.assertAlmostEqual(ours.start, theirs.start, delta=0.0006)


if __name__ == "__main__":
    unittest.main()
