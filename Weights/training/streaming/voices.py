"""Stitches conversations of voices on one microphone, with who speaks when, from a folder of clips.

    python -m streaming.voices CLIPS OUT --corpus nemo --voices 2 [--overlap 0.1] [--seconds 60] [--count 20]
        [--part 1/2] [--speakers NAME …]

CLIPS holds manifest.csv. A turn is of one voice: one clip after another, 0.1 to 0.4 s apart, for 2 to 6 s; where the
voice has one recording only, as in LibriSpeech, a stretch of it that ends in a pause. The voices take turns, none twice
in a row, after a pause of 0.1 to 1.5 s or, for a share `--overlap` of the turns, 0.3 to 1 s before the other has
finished. A turn is in one emotion where the clips have one. Each voice has a level of its own (−26 to −20 dBFS); the
room's noise is at −60 dBFS. No clip is used twice; a conversation ends when a voice has nothing more to say or
`--seconds` are over. The voices are drawn without replacement from a part of the corpus's voices, so that what is tuned
on part 1/2 may be measured on 2/2.

Writes NAME.flac (16 kHz mono 16 bit), NAME.rttm (a stretch of speech ends at a pause of 0.3 s or more), and NAME.csv with
start_s, end_s, speaker, emotion of each turn.
"""
import argparse
import csv
from pathlib import Path

import numpy as np
import soundfile

import conditions
from streaming import conversations, sound
from streaming.sound import RATE

TURN_S, GAP_S, PAUSE_S, OVERLAP_S = (2.0, 6.0), (0.1, 0.4), (0.1, 1.5), (0.3, 1.0)
LEVEL_DBFS, ROOM_DBFS, BRIDGED_S = (-26.0, -20.0), -60.0, 0.3
COLUMNS = ("start_s", "end_s", "speaker", "emotion")


def spoken(wave):
    """The stretches of speech of `wave` in samples; pauses shorter than `BRIDGED_S` belong to the speech."""
    out = []
    for start in conditions.active(wave)[1].tolist():
        end = min(len(wave), start + conditions.FRAME)
        if out and start - out[-1][1] < BRIDGED_S * RATE:
            out[-1][1] = end
        else:
            out.append([start, end])
    return out


def pieces(wave, rng):
    """`wave` in pieces of a turn's length, each of which ends in a pause if there is one."""
    out, rest = [], spoken(wave)
    while rest:
        wanted, taken = rng.uniform(*TURN_S) * RATE, [rest.pop(0)]
        while rest and rest[0][1] - taken[0][0] <= wanted:
            taken.append(rest.pop(0))
        out.append(wave[taken[0][0] : taken[-1][1]])
    return out


class Voice:
    """What a voice has to say, turn by turn."""

    def __init__(self, rows, rng):
        self.rng, self.level = rng, rng.uniform(*LEVEL_DBFS)
        self.clips, self.pieces = {}, []
        for row in rows:
            self.clips.setdefault(row.get("emotion", ""), []).append(row["path"])
        if len(rows) <= 2:
            self.pieces = [p for row in rows for p in pieces(conversations.read_clip(row["path"]), rng)]
            self.clips = {}
        for emotion in self.clips:
            self.clips[emotion] = [self.clips[emotion][i] for i in rng.permutation(len(self.clips[emotion]))]

    def turn(self):
        """(wave, emotion) of the next turn; None when nothing is left."""
        if self.pieces:
            wave, emotion = self.pieces.pop(0), ""
        elif left := sorted(e for e, clips in self.clips.items() if clips):
            emotion, wanted, laid = self.rng.choice(left), self.rng.uniform(*TURN_S), []
            while self.clips[emotion] and sum(map(len, laid)) < wanted * RATE:
                laid += [np.zeros(round(self.rng.uniform(*GAP_S) * RATE))] * bool(laid)
                laid.append(sound.at_level(conversations.read_clip(self.clips[emotion].pop()), self.level))
            wave = np.concatenate(laid)
        else:
            return None
        return conversations.within_full_scale(sound.at_level(wave, self.level)), str(emotion)


def stitch(voices, seconds, overlap, rng):
    """A conversation of `voices` {name: Voice}: (audio float64 [T], turns [(start, end, name, emotion)], stretches of
    speech [(start, end, name)]), in samples."""
    audio, turns, stretches, now, last = np.zeros(0), [], [], round(rng.uniform(*PAUSE_S) * RATE), None
    while now < seconds * RATE:
        name = str(rng.choice([n for n in sorted(voices) if n != last] or sorted(voices)))
        if (turn := voices[name].turn()) is None:
            break
        wave, emotion = turn
        before = turns[-1] if turns else None
        if before and len(voices) > 1 and rng.random() < overlap:
            shared = min(rng.uniform(*OVERLAP_S) * RATE, (before[1] - before[0]) / 2, len(wave) / 2)
            start = before[1] - round(shared)
        else:
            start = now
        audio = np.pad(audio, (0, max(0, start + len(wave) - len(audio))))
        audio[start : start + len(wave)] += wave
        turns.append((start, start + len(wave), name, emotion))
        stretches += [(start + a, start + b, name) for a, b in spoken(wave)]
        now, last = start + len(wave) + round(rng.uniform(*PAUSE_S) * RATE), name
    audio = np.pad(audio, (0, RATE))
    return conversations.within_full_scale(audio + sound.room(len(audio), rng, ROOM_DBFS)), turns, stretches


def write(path, audio, turns, stretches):
    soundfile.write(path, audio, RATE, subtype="PCM_16")
    path.with_suffix(".rttm").write_text("".join(
        f"SPEAKER {path.stem} 1 {a / RATE:.3f} {(b - a) / RATE:.3f} <NA> <NA> {name} <NA> <NA>\n"
        for a, b, name in stretches))
    with open(path.with_suffix(".csv"), "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((f"{a / RATE:.3f}", f"{b / RATE:.3f}", name, emotion) for a, b, name, emotion in turns)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", type=Path, help="the folder that holds manifest.csv")
    parser.add_argument("out", type=Path, help="the folder to write to")
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--voices", type=int, default=2)
    parser.add_argument("--overlap", type=float, default=0.0, help="share of the turns that begin before the other ends")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--part", default="1/1", help="K/N: the K-th of N parts of the corpus's voices")
    parser.add_argument("--speakers", nargs="+", help="only these voices")
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()

    rows = conversations.read_manifest(options.clips, lambda row: row["corpus"] == options.corpus and (
        not options.speakers or row["speaker"] in options.speakers))
    by_voice = {}
    for row in rows:
        by_voice.setdefault(row["speaker"], []).append(row)
    part, parts = map(int, options.part.split("/"))
    names = sorted(by_voice)[part - 1 :: parts]
    options.out.mkdir(parents=True, exist_ok=True)
    deck = []
    for index in range(options.count):
        rng = np.random.default_rng((options.seed, options.voices, index))
        chosen = []
        while len(chosen) < options.voices:
            deck = deck or [names[i] for i in rng.permutation(len(names)) if names[i] not in chosen]
            chosen.append(deck.pop())
        voices = {name: Voice(by_voice[name], rng) for name in chosen}
        path = options.out / f"{options.corpus}-{options.voices}-{index:03}.flac"
        write(path, *stitch(voices, options.seconds, options.overlap, rng))


if __name__ == "__main__":
    main()
