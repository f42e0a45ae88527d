"""Runs a session, reads its log, and derives from it the log of the same session with other smoothing, gates or hop.

The network's scores of a window do not depend on the smoothing or the hop, nor on the gate on the whole window. One run
of the program at the shortest hop with the lowest gate therefore replaces many. `streaming.sweep` compares such
derivations with the program's own logs.
"""
import csv
import math
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from streaming.truth import EMOTIONS

BINARY = Path(__file__).resolve().parents[3] / ".build" / "release" / "emoscope"
UNSURE, NOTHING = "unsure", ""
ROUNDING = 1e-4                     # the log's scores have four decimals


@dataclass(frozen=True)
class Window:
    start: float                    # seconds of the stream
    end: float
    status: str
    speech: float                   # share of the window that is speech
    raw: tuple | None               # p_angry, p_happy, p_neutral, p_sad; None where the status is not ok
    smoothed: tuple | None
    label: str                      # the displayed label: an emotion, `unsure`, or nothing


def read(path):
    """The windows of a log, in order; rows without a duration, such as markers, are left out."""
    with open(path, newline="") as file:
        rows = [row for row in csv.DictReader(file) if float(row["end_s"]) > float(row["start_s"])]

    def scores(row, prefix):
        cells = [row[f"{prefix}_{emotion}"] for emotion in EMOTIONS]
        return tuple(map(float, cells)) if all(cells) else None

    return [
        Window(float(r["start_s"]), float(r["end_s"]), r["status"], float(r["speech"] or 0), scores(r, "p"),
               scores(r, "s"), r["smoothed_label"])
        for r in rows
    ]


def check_built(binary):
    if not binary.exists():
        raise SystemExit(f"{binary} does not exist; build it with: swift build -c release --product emoscope")


def replayed(binary, recording, log, arguments):
    """The windows that the program logs of `recording`, at full speed, with more `arguments`; keeps the file `log`."""
    check_built(binary)
    command = [binary, "replay", "--fast", recording, "-o", log, "--force", "--quiet", *arguments]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    log.with_suffix(".json").unlink(missing_ok=True)
    if done.returncode:
        log.unlink(missing_ok=True)
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stderr}")
    return read(log)


def derive(windows, hop, smooth, min_speech, unsure):
    """Derives what the program would show with these settings from `windows`, of a run at a shorter hop and a lower
    gate.

    Smoothing is that of Sources/Stream/Scores/Smoother.swift: the weight of the past decays by a factor e every
    `smooth` seconds of stream time; silent windows are skipped. The label is `unsure` where the greatest smoothed
    probability is below the threshold `unsure`.
    """
    out, last, last_end = [], None, 0.0
    for window in windows:
        steps = window.start / hop
        if abs(steps - round(steps)) * hop > 1e-3:
            continue
        if window.raw is None or window.speech < min_speech:
            out.append(Window(window.start, window.end, "silence", window.speech, None, None, NOTHING))
            continue
        scores = np.array(window.raw)
        if smooth > 0 and last is not None:
            scores = last + (1 - math.exp(-(window.end - last_end) / smooth)) * (scores - last)
        last, last_end = scores, window.end
        best = int(scores.argmax())
        label = UNSURE if scores[best] < unsure else EMOTIONS[best]
        out.append(Window(window.start, window.end, "ok", window.speech, window.raw, tuple(scores), label))
    return out


def differences(derived, real, unsure):
    """The differences between `derived` and `real` beyond the log's rounding, as a list of sentences; empty if they
    agree."""
    if len(derived) != len(real):
        return [f"{len(derived)} windows derived, {len(real)} in the program's log"]
    found = []
    for ours, theirs in zip(derived, real):
        where = f"window ending at {theirs.end} s"
        if (ours.end, ours.status, ours.raw) != (theirs.end, theirs.status, theirs.raw):
            found.append(f"{where}: {ours.end, ours.status, ours.raw} derived, {theirs.end, theirs.status, theirs.raw}")
        elif ours.smoothed:
            if max(abs(a - b) for a, b in zip(ours.smoothed, theirs.smoothed)) > 1.1 * ROUNDING:
                found.append(f"{where}: smoothed {ours.smoothed} derived, {theirs.smoothed}")
            first, second = sorted(ours.smoothed, reverse=True)[:2]
            close = first - second < 2 * ROUNDING or abs(first - unsure) < 2 * ROUNDING
            if ours.label != theirs.label and not close:
                found.append(f"{where}: {ours.label!r} derived, {theirs.label!r}")
    return found
