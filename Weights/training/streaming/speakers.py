"""Measures the program on conversations of several voices on one microphone: right speaker and right emotion at once.

    python -m streaming.speakers FOLDER [--voices 2] [--weights FILE|NAME] [--json]

FOLDER holds the conversations that `streaming.voices` made of voices with emotions. Each is replayed without telling the
speakers apart and with it, and either without a baseline and with `--baseline auto`; one baseline is then for all voices,
or each voice has its own. A moment of the recording belongs to the window whose middle is nearest. Of the time in which
one voice speaks, the shares are printed in which

`speaker`   the log names the voice's speaker (the names belong to the voices one to one, so that most time is right);
`emotion`   the label is the turn's emotion, whoever is named;
`both`      both are right at once;
`wrong`     the label is another emotion, not unsure.
"""
import argparse
import csv
import itertools
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from streaming import session

STEP_S = 0.05
SETTINGS = tuple(itertools.product((1, None), ("none", "auto")))


def read_log(path):
    """(middles, speakers, labels) of the windows of a log."""
    with open(path, newline="") as file:
        rows = [row for row in csv.DictReader(file) if float(row["end_s"]) > float(row["start_s"])]
    middles = np.array([(float(r["start_s"]) + float(r["end_s"])) / 2 for r in rows])
    return middles, [r["speaker"] for r in rows], [r["label"] for r in rows]


def read_truth(path):
    with open(path, newline="") as file:
        return [(float(r["start_s"]), float(r["end_s"]), r["speaker"], r["emotion"]) for r in csv.DictReader(file)]


def moments(turns):
    """[(time, speaker, emotion)] of the moments at which one voice speaks."""
    out = []
    for time in np.arange(0, max(end for _, end, _, _ in turns), STEP_S):
        now = [(speaker, emotion) for start, end, speaker, emotion in turns if start <= time < end]
        if len(now) == 1:
            out.append((time, *now[0]))
    return out


def matched(found, truth):
    """{name in the log: voice}: the one-to-one choice with the most moments in common."""
    names, voices = sorted(set(found) - {""}), sorted(set(truth))
    common = {pair: sum(a == pair[0] and b == pair[1] for a, b in zip(found, truth))
              for pair in itertools.product(names, voices)}
    short, long = sorted((names, voices), key=len)
    choices = (zip(short, order) for order in itertools.permutations(long, len(short)))
    pairs = [list(choice) if short is names else [(b, a) for a, b in choice] for choice in choices]
    return dict(max(pairs, key=lambda chosen: sum(common[pair] for pair in chosen), default=[]))


def measure(recording, arguments, scratch):
    """Counts of moments of one conversation: {speaker, emotion, both, wrong, all}."""
    log = Path(scratch) / "log.csv"
    session.check_built(session.BINARY)
    subprocess.run([session.BINARY, "replay", "--fast", recording, "-o", log, "--force", "--quiet", *arguments],
                   check=True, stdout=subprocess.DEVNULL)
    middles, speakers, labels = read_log(log)
    heard = [(int(np.abs(middles - time).argmin()), speaker, emotion)
             for time, speaker, emotion in moments(read_truth(recording.with_suffix(".csv")))]
    voice_of = matched([speakers[i] for i, _, _ in heard], [speaker for _, speaker, _ in heard])
    right_speaker = np.array([voice_of.get(speakers[i]) == speaker for i, speaker, _ in heard])
    right = np.array([labels[i] == emotion for i, _, emotion in heard])
    named = np.array([labels[i] in ("angry", "happy", "neutral", "sad") for i, _, _ in heard])
    return {"speaker": right_speaker.sum(), "emotion": right.sum(), "both": (right & right_speaker).sum(),
            "wrong": (named & ~right).sum(), "all": len(heard)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--voices", default="2", help="what --speakers of the program gets")
    parser.add_argument("--weights")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    recordings = sorted(options.folder.glob("*.flac"))
    if not recordings:
        raise SystemExit(f"{options.folder} holds no conversation; make some with: python -m streaming.voices")
    results = {}
    with tempfile.TemporaryDirectory() as scratch:
        for speakers, baseline in SETTINGS:
            arguments = ["--speakers", str(speakers or options.voices), "--baseline", baseline]
            arguments += ["--weights", options.weights] if options.weights else []
            counts = [measure(recording, arguments, scratch) for recording in recordings]
            total = sum(count["all"] for count in counts)
            results[f"speakers {speakers or options.voices}, baseline {baseline}"] = {
                key: round(float(sum(count[key] for count in counts)) / total, 3) for key in counts[0] if key != "all"}
    if options.json:
        print(json.dumps(results))
    for name, shares in ({} if options.json else results).items():
        print(f"{name:32}" + "".join(f"{key} {share:.3f}   " for key, share in shares.items()))


if __name__ == "__main__":
    main()
