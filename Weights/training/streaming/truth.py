"""The file of true labels beside each conversation.

It has a row `start_s,end_s,speaker,emotion,source` for each stretch; `emotion` is one of EMOTIONS, or `noise` or
`silence` where nobody speaks. A stretch of speech is a turn: one speaker in one emotion, including the short gaps
between sentences.
"""
import csv
from dataclasses import dataclass

EMOTIONS = ("angry", "happy", "neutral", "sad")
NOISE, SILENCE = "noise", "silence"
COLUMNS = ("start_s", "end_s", "speaker", "emotion", "source")


@dataclass(frozen=True)
class Stretch:
    start: float          # seconds
    end: float
    speaker: str
    emotion: str
    source: str = ""

    @property
    def is_speech(self):
        return self.emotion in EMOTIONS


def covering(stretches, end):
    """`stretches` in order, with silence inserted in all gaps, from 0 to `end` or to the end of the last stretch."""
    out, now = [], 0.0
    for stretch in sorted(stretches, key=lambda s: s.start):
        if stretch.emotion not in (*EMOTIONS, NOISE, SILENCE):
            raise ValueError(f"a stretch of {stretch.emotion!r}; there are {', '.join(EMOTIONS)}, {NOISE}, {SILENCE}")
        if stretch.start < now - 1e-9 or stretch.end <= stretch.start:
            raise ValueError(f"the stretch at {stretch.start} s overlaps the one before or is empty")
        if stretch.start > now:
            out.append(Stretch(now, stretch.start, "", SILENCE))
        out.append(stretch)
        now = stretch.end
    return out + ([Stretch(now, end, "", SILENCE)] if end > now else [])


def read(path):
    with open(path, newline="") as file:
        return [
            Stretch(float(r["start_s"]), float(r["end_s"]), r["speaker"], r["emotion"], r["source"])
            for r in csv.DictReader(file)
        ]


def write(path, stretches):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((f"{s.start:.3f}", f"{s.end:.3f}", s.speaker, s.emotion, s.source) for s in stretches)
