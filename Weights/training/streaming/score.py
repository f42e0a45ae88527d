"""Compares what a viewer sees of a conversation with its true labels.

    python -m streaming.score SESSION.csv TRUTH.csv [SESSION.csv TRUTH.csv …] [--json]

The **displayed** label at a moment is the `smoothed_label` of the newest window that has ended by then (without
latency): one of the four emotions, `unsure`, or nothing (silence, or before the first window). The **truth**
(`streaming.truth`) divides the stream into turns of one speaker in one emotion, noise and silence. Sums run over all
conversations given. All times are exact: the stream is divided wherever the display or the truth changes.

`right`, `wrong`, `unsure`, `nothing`
    Shares of the speech time in which the display shows the emotion of the turn, another emotion, `unsure`, or nothing.
    They add up to 1; `right_by_emotion` is `right` within the turns of each emotion.
`true`
    Share of the whole stream in which the display is true: the turn's emotion during speech, no emotion otherwise. It
    weighs the speech that a stricter gate loses against the pauses that it clears.
`delay_median_s`, `delay_p90_s`, `never_shown`, `changes`
    A change is the first turn, or a turn whose emotion differs from that of the turn before it. Its delay runs from the
    turn's start to the first moment from which the display shows the turn's emotion for at least 1 s (0 if it already
    does). This moment must be before the next turn's start and at most 1.5 s after the turn's end. The share of changes
    without such a moment is `never_shown`; the median and the 90th percentile do not include them.
`false_changes_per_minute`
    The display changes when it begins to show an emotion other than the last emotion that it showed, whatever was shown
    between them (`unsure`, nothing). A change is false if the emotion was not the true one at any moment of the last
    second. The rate is per minute of the stream, silences included.
`nonspeech_shown`, `nonspeech_late_shown`, `noise_late_shown`, `nonspeech_unsure`
    Share of the time without speech (noise and silence) that shows an emotion. A window of 3 s that ends in a pause
    still contains the speech before it, so `_late_` counts only the time more than 1.5 s after the last speech, or
    before the first; `noise_` counts only stretches of noise. `nonspeech_unsure`: share that shows `unsure`.
`speech_s`, `nonspeech_s`, `nonspeech_late_s`, `noise_late_s`
    The seconds behind the shares.
"""
import argparse
import json
from dataclasses import dataclass, field

import numpy as np

from streaming import session, truth
from streaming.session import NOTHING, UNSURE
from streaming.truth import EMOTIONS, NOISE

LASTING_S = 1.0
LATE_S = 1.5
EPSILON_S = 1e-6


@dataclass
class Tally:
    """The sums from which the figures are computed, in seconds and counts."""
    stream: float = 0.0
    shown: dict = field(default_factory=dict)         # (true emotion, displayed label) -> seconds
    idle: dict = field(default_factory=dict)          # (noise | silence, is late, displayed label) -> seconds
    delays: list = field(default_factory=list)        # seconds, None where never shown
    false_changes: int = 0

    def __add__(self, other):
        add = lambda a, b: {key: a.get(key, 0.0) + b.get(key, 0.0) for key in a | b}
        return Tally(self.stream + other.stream, add(self.shown, other.shown), add(self.idle, other.idle),
                     self.delays + other.delays, self.false_changes + other.false_changes)


def display(windows, end):
    """The displayed labels from 0 to `end` as runs (start, end, label); adjacent runs have different labels."""
    runs = [[0.0, end, NOTHING]]
    for window in windows:
        if window.end >= end:
            break
        if window.label != runs[-1][2]:
            runs[-1][1] = window.end
            runs.append([window.end, end, window.label])
    return [tuple(run) for run in runs if run[1] > run[0]]


def measure(windows, stretches):
    """The Tally of one conversation: `windows` of its session, `stretches` of its truth."""
    end = max([s.end for s in stretches] + [w.end for w in windows])
    stretches, runs = truth.covering(stretches, end), display(windows, end)
    tally = Tally(stream=end)
    speech_ends = np.array([-np.inf] + [s.end for s in stretches if s.is_speech])
    cuts = np.unique(np.concatenate([
        [0.0], [s.end for s in stretches], [r[1] for r in runs], speech_ends[1:] + LATE_S]))
    cuts = cuts[cuts <= end]
    middles = (cuts[1:] + cuts[:-1]) / 2
    said = np.searchsorted([s.start for s in stretches], middles, "right") - 1
    seen = np.searchsorted([r[0] for r in runs], middles, "right") - 1
    late = middles - speech_ends[np.searchsorted(speech_ends, middles, "right") - 1] > LATE_S
    for i, seconds in enumerate(np.diff(cuts)):
        stretch, label = stretches[said[i]], runs[seen[i]][2]
        if stretch.is_speech:
            sums, key = tally.shown, (stretch.emotion, label)
        else:
            sums, key = tally.idle, (stretch.emotion, bool(late[i]), label)
        sums[key] = sums.get(key, 0.0) + float(seconds)
    tally.delays = delays(runs, stretches)
    tally.false_changes = false_changes(runs, stretches)
    return tally


def delays(runs, stretches):
    turns = [s for s in stretches if s.is_speech]
    out, before = [], None
    for turn, following in zip(turns, [*turns[1:], None]):
        if turn.emotion != before:
            limit = min(turn.end + LATE_S, following.start if following else np.inf)
            moments = (max(start, turn.start) for start, end, label in runs
                       if label == turn.emotion and end - max(start, turn.start) >= LASTING_S - EPSILON_S)
            first = next((m for m in moments if m < limit), None)
            out.append(None if first is None else first - turn.start)
        before = turn.emotion
    return out


def false_changes(runs, stretches):
    count, before = 0, None
    for start, _, label in runs:
        if label in EMOTIONS and label != before:
            recent = {s.emotion for s in stretches if s.start <= start + EPSILON_S and s.end > start - LASTING_S}
            count += label not in recent
            before = label
    return count


def figures(tally):
    """The figures that the module's docstring defines; None where the denominator is 0."""
    def share(part, whole):
        return round(part / whole, 4) if whole else None

    def total(sums, wanted):
        return sum(seconds for key, seconds in sums.items() if wanted(*key))

    def shown(kinds, is_late):
        chosen = {key: s for key, s in tally.idle.items() if key[0] in kinds and (key[1] or not is_late)}
        return share(total(chosen, lambda kind, late, label: label in EMOTIONS), sum(chosen.values()))

    speech, idle = sum(tally.shown.values()), sum(tally.idle.values())
    found = [d for d in tally.delays if d is not None]
    nonspeech = (NOISE, truth.SILENCE)
    right = total(tally.shown, lambda said, seen: said == seen)
    quiet = total(tally.idle, lambda kind, late, label: label not in EMOTIONS)
    return {
        "true": share(right + quiet, speech + idle),
        "right": share(right, speech),
        "wrong": share(total(tally.shown, lambda said, seen: seen in EMOTIONS and said != seen), speech),
        "unsure": share(total(tally.shown, lambda said, seen: seen == UNSURE), speech),
        "nothing": share(total(tally.shown, lambda said, seen: seen == NOTHING), speech),
        "right_by_emotion": {e: share(tally.shown.get((e, e), 0.0), total(tally.shown, lambda said, seen: said == e))
                             for e in EMOTIONS},
        "delay_median_s": round(float(np.median(found)), 2) if found else None,
        "delay_p90_s": round(float(np.percentile(found, 90)), 2) if found else None,
        "never_shown": share(len(tally.delays) - len(found), len(tally.delays)),
        "changes": len(tally.delays),
        "false_changes_per_minute": round(60 * tally.false_changes / tally.stream, 2),
        "nonspeech_shown": shown(nonspeech, False),
        "nonspeech_late_shown": shown(nonspeech, True),
        "noise_late_shown": shown((NOISE,), True),
        "nonspeech_unsure": share(total(tally.idle, lambda kind, late, label: label == UNSURE), idle),
        "speech_s": round(speech, 1),
        "nonspeech_s": round(idle, 1),
        "nonspeech_late_s": round(total(tally.idle, lambda kind, late, label: late), 1),
        "noise_late_s": round(total(tally.idle, lambda kind, late, label: late and kind == NOISE), 1),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="SESSION.csv TRUTH.csv", help="logs of sessions and their truths, in pairs")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if len(options.files) % 2:
        parser.error("give pairs: a session's log, then its truth")
    pairs = zip(options.files[::2], options.files[1::2])
    result = figures(sum((measure(session.read(log), truth.read(said)) for log, said in pairs), Tally()))
    if options.json:
        print(json.dumps(result))
        return
    for name, value in result.items():
        print(f"{name:26}", " ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value)


if __name__ == "__main__":
    main()
