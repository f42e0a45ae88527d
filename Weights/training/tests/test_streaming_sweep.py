import json
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

from streaming import document, sweep
from streaming.sweep import Settings

BASE = Settings(0.5, 1.0, 0.5, 0.15, 0.1, 0.0, "keep")


def figures(true, false_changes=1.0):
    return {"true": true, "false_changes_per_minute": false_changes}


class Choice(unittest.TestCase):
    def test_truest_of_those_within_the_limit(self):
        calm, jumpy, dull, unsure = (replace(BASE, smooth=s) for s in (1.0, 0.0, 0.5, 2.0))
        unsure = replace(unsure, unsure=0.5)
        results = {dull: figures(0.6), calm: figures(0.7), jumpy: figures(0.9, 9), unsure: figures(0.85)}
        self.assertEqual(sweep.choose(results), calm)

    def test_fewest_false_changes_where_none_is_within(self):
        calm, jumpy = BASE, replace(BASE, smooth=0.0)
        self.assertEqual(sweep.choose({jumpy: figures(0.9, 9), calm: figures(0.2, 8)}), calm)


class Arguments(unittest.TestCase):
    def test_are_the_flags_of_the_program(self):
        self.assertEqual(" ".join(BASE.arguments()),
                         "--hop 0.5 --smooth 1.0 --vad-threshold 0.5 --min-speech 0.15 --min-recent-speech 0.1 --unsure 0.0 "
                         "--silence keep")


class Log(unittest.TestCase):
    """A program that counts its runs and writes one window, so that what is kept can be seen."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        self.recording, self.weights = self.root / "a.flac", self.root / "weights"
        self.recording.write_bytes(b"sound")
        self.weights.write_bytes(b"numbers")

    def tearDown(self):
        self.folder.cleanup()

    def program(self, body):
        binary = self.root / "emoscope"
        binary.write_text(f"#!/bin/sh\necho run >> {self.root}/runs\n{body}\n")
        binary.chmod(0o755)
        return sweep.Program(binary, self.weights, self.root / "cache", lambda line: None)

    def runs(self):
        return len((self.root / "runs").read_text().split())

    WRITE = ("printf 'start_s,end_s,status,speech,p_angry,p_happy,p_neutral,p_sad,s_angry,s_happy,s_neutral,s_sad,"
             "smoothed_label\\n0,3,ok,1,1,0,0,0,1,0,0,0,angry\\n' > \"$5\"")

    def test_is_kept_by_settings_weights_and_recording(self):
        program = self.program(self.WRITE)
        self.assertEqual(program.windows(self.recording, BASE)[0].label, "angry")
        program.windows(self.recording, BASE)
        self.assertEqual(self.runs(), 1)
        program.windows(self.recording, replace(BASE, hop=1.0))
        self.assertEqual(self.runs(), 2)
        self.weights.write_bytes(b"other numbers")
        self.program(self.WRITE).windows(self.recording, BASE)
        self.recording.write_bytes(b"other sound")
        self.program(self.WRITE).windows(self.recording, BASE)
        self.assertEqual(self.runs(), 4)

    def test_of_a_run_that_failed_is_not_kept(self):
        with self.assertRaisesRegex(SystemExit, "no such flag"):
            self.program("echo no such flag >&2; exit 2").windows(self.recording, BASE)
        self.program(self.WRITE).windows(self.recording, BASE)
        self.assertEqual(self.runs(), 2)

    def test_that_the_derivation_does_not_give_ends_the_sweep(self):
        windows = self.program(self.WRITE).windows(self.recording, BASE)
        sweep.hold(windows, windows, BASE, self.recording)
        with self.assertRaisesRegex(SystemExit, "a.flac"):
            sweep.hold([replace(windows[0], label="sad")], windows, BASE, self.recording)


class Results(unittest.TestCase):
    def test_are_json_with_a_line_for_each_setting(self):
        output = {"weights_sha256": "ab", "chosen": {"hop": 0.5}, "grid": [{"settings": {"hop": h}} for h in (0.25, 0.5)]}
        written = sweep.text(output)
        self.assertEqual(json.loads(written), output)
        self.assertEqual(sum('"settings"' in line for line in written.splitlines()), 2)


class Document(unittest.TestCase):
    def test_only_what_is_between_the_marks_changes(self):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "page.md"
            path.write_text(f"above\n{document.BEGIN}\nold\n{document.END}\nbelow\n")
            document.put(path, "new")
            self.assertEqual(path.read_text(), f"above\n{document.BEGIN}\nnew\n{document.END}\nbelow\n")
            path.write_text("no marks")
            with self.assertRaisesRegex(SystemExit, "lacks the marks"):
                document.put(path, "new")


if __name__ == "__main__":
    unittest.main()
