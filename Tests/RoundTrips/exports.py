"""Exports a session in every format, and reads each with a program of others: the segments must be the same in all."""

import csv
import subprocess
from pathlib import Path

import pandas
import parselmouth
import pysrt
import webvtt
from parselmouth.praat import call
from praatio import textgrid
from pympi import Elan

NAME = 'Änn; <&> "x"'
NOTE = 'a --> "b" <i>&amp;</i>; =1+1,\n\ttwo lines'
EMOTIONS = ["angry", "happy", "neutral", "sad"]


def make_log(emoscope, recording, folder):
    """Makes the log of a session of three speakers, one of whom has a name that every format has to escape."""
    made, log = folder / "made.csv", folder / "talk.csv"
    run(emoscope, "replay", "--fast", "-q", "--speakers", "3", recording, "-o", made, "--save-audio", folder / "talk.wav")
    rows = list(csv.DictReader(made.open(newline="")))
    for row in rows:
        row["speaker"] = NAME if row["speaker"] == "A" else row["speaker"]
    marker = {**dict.fromkeys(rows[0], ""), "seq": "40", "start_s": "12.345", "end_s": "12.345", "status": "marker",
              "wall_end": rows[40]["wall_end"], "dropped_s": "0.000", "note": NOTE}
    rows.insert(40, marker)
    with log.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    (folder / "talk.json").write_bytes((folder / "made.json").read_bytes())
    return log


def run(emoscope, *arguments):
    outcome = subprocess.run([str(item) for item in (emoscope, *arguments)], capture_output=True, check=False)
    assert outcome.returncode == 0, f"{arguments}: {outcome.stderr.decode()}"
    return outcome.stdout.decode()


def export(emoscope, log, kind, name, *arguments):
    path = log.parent / name
    run(emoscope, "export", log, "--to", kind, "-o", path, *arguments)
    return path


def near(a, b, tolerance=0.0011):
    assert abs(a - b) <= tolerance, f"{a} is not {b}"


def one_line(text):
    return text.replace("\n", " ").replace("\t", " ")


class Truth:
    """The segments and markers by pandas, from the CSV."""

    def __init__(self, path):
        self.table = pandas.read_csv(path)
        self.segments = self.table[self.table.kind == "segment"]
        self.markers = self.table[self.table.kind == "marker"]
        self.spoken = self.segments[~self.segments.label.isin(["silence", "unread"])]

    def tiers(self):
        """Start, end, label and probability by the name of the tier."""
        tiers = {}
        for row in self.segments.itertuples():
            quiet = row.label in ("silence", "unread")
            name = "no reading" if quiet else row.speaker if isinstance(row.speaker, str) else "other speech"
            tiers.setdefault(name, []).append((row.start_s, row.end_s, row.label, row.probability))
        return tiers


def check_tables(emoscope, log):
    plain = export(emoscope, log, "segments", "segments.csv")
    truth = Truth(plain)
    assert len(truth.segments) > 10
    # CSV alone protects spreadsheets by apostrophes.
    assert "'=" in truth.markers.note.iloc[0] and [note.replace("'", "") for note in truth.markers.note] == [NOTE]
    assert set(truth.spoken.speaker.dropna()) == {NAME, "B", "C"}, set(truth.spoken.speaker)
    ends = truth.segments.end_s.to_numpy()[:-1]
    assert (truth.segments.start_s.to_numpy()[1:] == ends).all(), "segments overlap or leave gaps"
    assert (truth.spoken[[f"p_{name}" for name in EMOTIONS]].dropna().sum(axis=1) - 1).abs().max() < 1e-3
    excel = export(emoscope, log, "segments", "excel.csv", "--csv-dialect", "excel-eu")
    assert excel.read_bytes().startswith(b"\xef\xbb\xbfkind;")
    pandas.testing.assert_frame_equal(pandas.read_csv(excel, sep=";", decimal=","), truth.table)
    lines = pandas.read_json(export(emoscope, log, "jsonl", "talk.jsonl"), lines=True)
    assert list(lines[lines.kind == "marker"].note) == [NOTE], "JSON has no apostrophe"
    shared = ["kind", "start_s", "end_s", "speaker", "label", "probability", *(f"p_{name}" for name in EMOTIONS)]
    pandas.testing.assert_frame_equal(
        lines[shared].fillna("-"), truth.table[shared].fillna("-"), check_dtype=False)
    return truth


def check_textgrid(emoscope, log, truth):
    path = export(emoscope, log, "textgrid", "talk.TextGrid")
    grid = textgrid.openTextgrid(str(path), includeEmptyIntervals=False, reportingMode="error")
    expected = truth.tiers()
    sure = [tier for tier, pieces in expected.items() if any(piece[3] == piece[3] for piece in pieces)]
    names = [*expected, *(f"{tier} probability" for tier in sure)]
    assert sorted(grid.tierNames) == sorted([*names, "markers"]), grid.tierNames
    for name, pieces in expected.items():
        entries = grid.getTier(name).entries
        assert len(entries) == len(pieces)
        for entry, (start, end, label, _) in zip(entries, pieces):
            near(entry.start, start), near(entry.end, end)
            assert entry.label == label
        if name in sure:
            numbers = [float(entry.label) for entry in grid.getTier(f"{name} probability").entries]
            for number, piece in zip(numbers, [piece for piece in pieces if piece[3] == piece[3]], strict=True):
                near(number, piece[3])
    # praatio leaves the quotes of a point doubled; Praat does not.
    points = [(point.time, point.label.replace('""', '"')) for point in grid.getTier("markers").entries]
    assert points == [(12.345, one_line(NOTE))], points
    # Praat itself.
    praat = parselmouth.read(str(path))
    assert call(praat, "Get number of tiers") == len(grid.tierNames)
    for number in range(1, len(grid.tierNames) + 1):
        name = call(praat, "Get tier name", number)
        if name == "markers":
            assert call(praat, "Get label of point", number, 1) == one_line(NOTE)
        if name not in expected:
            continue
        count = call(praat, "Get number of intervals", number)
        labels = [call(praat, "Get label of interval", number, index) for index in range(1, count + 1)]
        assert [label for label in labels if label] == [piece[2] for piece in expected[name]], name


def check_elan(emoscope, log, truth):
    eaf = Elan.Eaf(str(export(emoscope, log, "eaf", "talk.eaf")))
    expected = truth.tiers()
    for name, pieces in expected.items():
        annotations = sorted(eaf.get_annotation_data_for_tier(name))
        assert len(annotations) == len(pieces), name
        for (start, end, label, *_), piece in zip(annotations, pieces):
            near(start / 1000, piece[0]), near(end / 1000, piece[1])
            assert label == piece[2]
        if all(piece[3] != piece[3] for piece in pieces):
            continue
        numbers = sorted(eaf.get_ref_annotation_data_for_tier(f"{name} probability"))
        for number, piece in zip(numbers, [piece for piece in pieces if piece[3] == piece[3]], strict=True):
            near(number[0] / 1000, piece[0]), near(float(number[2]), piece[3])
    markers = eaf.get_annotation_data_for_tier("markers")
    assert [(start, label) for start, _, label, *_ in markers] == [(12345, one_line(NOTE))], markers
    assert eaf.get_linked_files()[0]["RELATIVE_MEDIA_URL"] == "./talk.wav"
    assert eaf.get_parameters_for_tier(NAME)["PARTICIPANT"] == NAME


def check_subtitles(emoscope, log, truth):
    vtt = webvtt.read(str(export(emoscope, log, "vtt", "talk.vtt")))
    srt = pysrt.open(str(export(emoscope, log, "srt", "talk.srt")))
    spoken = truth.spoken
    assert len(vtt) == len(srt) == len(spoken) + 1
    cues = [cue for cue in vtt if "◆" not in cue.text]
    lines = [item for item in srt if "◆" not in item.text]
    for cue, item, row in zip(cues, lines, spoken.itertuples(), strict=True):
        near(cue.start_in_seconds, row.start_s, 1.1), near(item.start.ordinal / 1000, row.start_s)
        near(item.end.ordinal / 1000, row.end_s)
        assert row.label in cue.text and row.label in item.text
        if isinstance(row.speaker, str):
            shown = row.speaker.replace("<", "‹").replace(">", "›")
            assert item.text.startswith(f"{shown}: "), item.text
            assert "&lt;" in cue.raw_text if row.speaker == NAME else f"<v {row.speaker}>" in cue.raw_text, cue.raw_text
    note = [item.text for item in srt if "◆" in item.text]
    assert len(note) == 1 and "-->" not in note[0] and "<" not in note[0], note


def check_audacity(emoscope, log, truth):
    rows = [line.split("\t") for line in export(emoscope, log, "audacity", "labels.txt").read_text().splitlines()]
    assert all(len(row) == 3 for row in rows)
    segments = [row for row in rows if row[0] != row[1]]
    for (start, end, text), row in zip(segments, truth.segments.itertuples(), strict=True):
        near(float(start), row.start_s), near(float(end), row.end_s)
        assert row.label in text
    assert [row[2] for row in rows if row[0] == row[1]] == [one_line(NOTE)]


def check_turns(emoscope, log, truth):
    """The turns as `evaluate --turns` reads them: a hypothesis that is its own reference has no error."""
    folder = log.parent / "turns"
    folder.mkdir()
    path = export(emoscope, log, "rttm", "turns/talk.rttm")
    (folder / "talk.wav").write_bytes((log.parent / "talk.wav").read_bytes())
    seconds = {}
    for line in path.read_text().splitlines():
        fields = line.split(" ")
        assert len(fields) == 10 and fields[0] == "SPEAKER" and fields[1] == "talk", line
        seconds[fields[7]] = seconds.get(fields[7], 0) + float(fields[4])
    for name, own in truth.spoken.groupby("speaker"):
        near(seconds[name.replace(" ", "_")], (own.end_s - own.start_s).sum(), 0.05)
    answer = run(emoscope, "evaluate", "--turns", folder, "--hypothesis", folder)
    assert "0.0 %" in answer or "0.000" in answer, answer


def check(emoscope, recording, folder):
    log = make_log(emoscope, recording, Path(folder))
    truth = check_tables(emoscope, log)
    for step in (check_textgrid, check_elan, check_subtitles, check_audacity, check_turns):
        step(emoscope, log, truth)
        print(f"{step.__name__.removeprefix('check_')}: the segments are those of the table")
    return log
