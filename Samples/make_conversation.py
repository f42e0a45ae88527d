"""Writes conversation.flac and conversation.csv: about a minute of three EMO-DB actors taking turns.

    python make_conversation.py CORPORA        CORPORA holds manifest.csv and emodb/

The speakers are the ones that training leaves out (`CONVERSATION_SPEAKERS` in Weights/training/corpora.py).
Everything else is drawn with a fixed seed; no clip was picked by what any model says about it.
"""
import csv
import sys
from pathlib import Path

import numpy as np
import soundfile

sys.path.append(str(Path(__file__).resolve().parents[1] / "Weights" / "training"))
from streaming.sound import RATE, at_spoken_level, room

SEED = 1920                          # an arbitrary number
SPEAKERS = ("emodb_08", "emodb_14", "emodb_03")
EMOTIONS = ("happy", "angry", "neutral", "sad")
TURNS_PER_EMOTION = 2
TURN_S = (5.0, 8.0)                  # speech and short gaps of one turn
GAP_S, SILENCE_S = (0.2, 0.4), (0.8, 2.0)
ROOM_DBFS = -65.0


def read_clips(folder):
    """(speaker, emotion) -> paths of the clips, by name."""
    clips = {}
    with open(folder / "manifest.csv", newline="") as file:
        for row in csv.DictReader(file):
            if row["speaker"] in SPEAKERS and row["emotion"] in EMOTIONS:
                clips.setdefault((row["speaker"], row["emotion"]), []).append(folder / "emodb" / Path(row["path"]).name)
    return {key: sorted(paths) for key, paths in clips.items()}


def plan_turns(rng):
    """A drawn order of (speaker, emotion) in which neither repeats from one turn to the next, and in which
    each speaker has at least two turns."""
    while True:
        emotions = rng.permutation(np.repeat(EMOTIONS, TURNS_PER_EMOTION))
        speakers = rng.choice(SPEAKERS, size=len(emotions))
        changes = (emotions[1:] != emotions[:-1]).all() and (speakers[1:] != speakers[:-1]).all()
        pairs = set(zip(speakers, emotions))
        if changes and len(pairs) == len(emotions) and all((speakers == s).sum() >= 2 for s in SPEAKERS):
            return list(zip(speakers, emotions))


def draw_turn(paths, rng):
    """Two or three different clips, and the gaps between them, that make a turn of the wanted length."""
    while True:
        count = int(rng.integers(2, 4))
        chosen = [paths[i] for i in rng.choice(len(paths), size=count, replace=False)]
        waves = [soundfile.read(path, dtype="float64")[0] for path in chosen]
        gaps = rng.uniform(*GAP_S, size=count - 1)
        if TURN_S[0] <= sum(map(len, waves)) / RATE + gaps.sum() <= TURN_S[1]:
            return list(zip(chosen, waves, [*gaps, rng.uniform(*SILENCE_S)]))


def main(folder, out):
    rng = np.random.default_rng(SEED)
    clips = read_clips(folder)
    pieces, rows, now = [np.zeros(RATE)], [], RATE
    for speaker, emotion in plan_turns(rng):
        for path, wave, pause in draw_turn(clips[speaker, emotion], rng):
            wave = at_spoken_level(wave, rng)
            quiet = np.zeros(round(pause * RATE))
            rows.append((f"{now / RATE:.3f}", f"{(now + len(wave)) / RATE:.3f}", speaker, emotion, path.name))
            pieces += [wave, quiet]
            now += len(wave) + len(quiet)
    audio = np.concatenate(pieces)
    audio += room(len(audio), rng, ROOM_DBFS)
    if np.abs(audio).max() >= 1:
        raise SystemExit("the conversation clips; lower LEVEL_DBFS of Weights/training/streaming/sound.py")
    soundfile.write(out / "conversation.flac", audio, RATE, subtype="PCM_16")
    with open(out / "conversation.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("start_s", "end_s", "speaker", "emotion", "source"))
        writer.writerows(rows)
    print(f"{len(audio) / RATE:.1f} s, {len(rows)} clips")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), Path(__file__).resolve().parent)
