"""Writes diarization.json: random turns, and what pyannote.metrics 4.2.0 says of them.

    python Tests/EvaluationTests/Goldens/diarization.py

A case has `reference` and `hypothesis`, lists of [speaker, start, end] in seconds, and `results`: collar (seconds on
either side of a boundary; pyannote counts both sides), whether overlapped speech counts, and the seconds of speech,
missed, false alarm and confused. Turns of one speaker that overlap are one turn. Needs pyannote.metrics.
"""
import json
import random
import warnings
from pathlib import Path

from pyannote.core import Annotation, Segment
from pyannote.metrics.diarization import DiarizationErrorRate

warnings.filterwarnings("ignore")
chance = random.Random(1)


def turns(speakers, length, count):
    """Random turns; some overlap, also of one speaker."""
    out = []
    for _ in range(count):
        start = round(chance.uniform(0, length), 3)
        out.append([chance.choice(speakers), start, round(start + chance.uniform(0.05, 6), 3)])
    return out


def changed(reference, names):
    """A hypothesis near the truth: other names, moved boundaries, lost, split, wrong and new turns."""
    out = []
    for speaker, start, end in reference:
        if chance.random() < 0.1:
            continue
        start = max(0, round(start + chance.gauss(0, 0.3), 3))
        end = round(max(start + 0.05, end + chance.gauss(0, 0.3)), 3)
        name = names[speaker] if chance.random() < 0.85 else chance.choice(list(names.values()))
        out.append([name, start, end])
        if chance.random() < 0.1:
            out.append(["new", end, round(end + 1.5, 3)])
    return out


def annotation(turns):
    result = Annotation()
    for index, (speaker, start, end) in enumerate(turns):
        result[Segment(start, end), index] = speaker
    return result.support()


def case(number):
    speakers = [f"s{i}" for i in range(chance.randint(1, 6))]
    reference = turns(speakers, 40, chance.randint(1, 25))
    if number % 3 == 0:
        hypothesis = turns([f"h{i}" for i in range(chance.randint(1, 6))], 45, chance.randint(0, 25))
    else:
        hypothesis = changed(reference, {s: f"h{i // chance.choice((1, 1, 2))}" for i, s in enumerate(speakers)})
    results = []
    for collar in (0, 0.25):
        for overlap in (True, False):
            found = DiarizationErrorRate(collar=2 * collar, skip_overlap=not overlap).compute_components(
                annotation(reference), annotation(hypothesis))
            results.append({
                "collar": collar, "countsOverlap": overlap, "total": found["total"],
                "missed": found["missed detection"], "falseAlarm": found["false alarm"], "confused": found["confusion"]})
    return {"reference": reference, "hypothesis": hypothesis, "results": results}


cases = [case(number) for number in range(40)]
for c in cases:
    for r in c["results"]:
        for key in ("total", "missed", "falseAlarm", "confused"):
            r[key] = round(r[key], 6)
lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
(Path(__file__).resolve().parent / "diarization.json").write_text(f"[\n{lines}\n]\n")
