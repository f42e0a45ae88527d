"""Stitches conversations with a true label at every moment from a folder of corpora and a folder of noises.

    python -m streaming.conversations CORPORA OUT --speakers emodb_03 emodb_08 emodb_14 [--noise NOISE]

A conversation has two or three of the speakers. A turn is one to three clips of one speaker in one emotion, 0.1 to
0.4 s apart, each at about −23 dBFS. With a probability of 0.3 the next turn is of the same speaker in another emotion,
after 0.3 to 0.8 s; otherwise it is of another speaker in any emotion, after a pause of 0.5 to 8 s (log-uniform). Of the
pauses of 1.5 s or more, four in ten are filled with a sound from NOISE at −30 to −18 dBFS. Room noise at −65 to
−50 dBFS is added throughout. All draws depend on the seed only; no model's predictions affect them.

Writes NAME.flac (16 kHz mono 16 bit), NAME.csv (`streaming.truth`) and LICENCE.txt, which lists the licences of the
clips and the noises. EMO-DB without noises is CC0 1.0; ESC-10's noises are CC BY 3.0.
"""
import argparse
import csv
from pathlib import Path

import numpy as np
import soundfile

import conditions
from streaming import sound, truth
from streaming.sound import RATE

CLIPS_IN_TURN, SPEAKERS = (1, 3), (2, 3)
GAP_S, CHANGE_S, PAUSE_S = (0.1, 0.4), (0.3, 0.8), (0.5, 8.0)
SAME_SPEAKER, FILLED = 0.3, 0.4
FILLED_FROM_S, NOISE_DBFS, FADE_S = 1.5, (-30.0, -18.0), 0.02
ROOM_DBFS = (-65.0, -50.0)


class Deck:
    """Draws clips of a group so that few are repeated before all others were drawn, and none is repeated within a
    turn."""

    def __init__(self, rng):
        self.rng, self.left = rng, {}

    def draw(self, key, clips, held):
        """One of `clips`, the group `key`, that is not among `held`."""
        left = self.left.setdefault(key, [])
        if all(clip in held for clip in left):
            left += [clips[i] for i in self.rng.permutation(len(clips)) if clips[i] not in left]
        return left.pop(next(i for i, clip in enumerate(left) if clip not in held))


def read_manifest(folder, wanted):
    """The rows of `folder`/manifest.csv for which `wanted` is true, with `path` resolved, sorted by file name."""
    manifest = Path(folder) / "manifest.csv"
    if not manifest.exists():
        raise SystemExit(f"{manifest} does not exist; give the folder that holds manifest.csv")
    with open(manifest, newline="") as file:
        rows = [row for row in csv.DictReader(file) if wanted(row)]
    for row in rows:
        beside, above = manifest.parent / row["path"], manifest.parent.parent / row["path"]
        row["path"] = beside if beside.exists() else above
    return sorted(rows, key=lambda row: row["path"].name)


def read_clip(path):
    """A clip as float64 [T] without the quiet before and after its speech."""
    wave, rate = soundfile.read(path, dtype="float64", always_2d=True)
    if rate != RATE:
        raise SystemExit(f"{path} is at {rate} Hz; the clips must be at {RATE} Hz")
    starts = conditions.active(wave.mean(1))[1]
    return wave.mean(1)[starts[0] : starts[-1] + conditions.FRAME]


def within_full_scale(wave):
    return wave * min(1.0, 0.95 / np.abs(wave).max())


def draw_turn(clips, deck, key, rng):
    """Draws a turn from `clips` of one speaker in one emotion: (wave, names of the clips)."""
    pieces, paths = [], []
    for i in range(min(len(clips), rng.integers(CLIPS_IN_TURN[0], CLIPS_IN_TURN[1] + 1))):
        path = deck.draw(key, clips, paths)
        pieces += [np.zeros(round(rng.uniform(*GAP_S) * RATE))] * (i > 0)
        pieces += [within_full_scale(sound.at_spoken_level(read_clip(path), rng))]
        paths.append(path)
    return np.concatenate(pieces), " ".join(path.name for path in paths)


def draw_noise(length, noises, rng):
    """Draws one of `noises`, repeats it to fill the pause, and fades it at both ends: (wave [length], name)."""
    row = noises[rng.integers(len(noises))]
    wave = soundfile.read(row["path"], dtype="float64", always_2d=True)[0].mean(1)
    frames, starts = conditions.active(wave)
    wave = np.take(wave, np.arange(rng.choice(starts), len(wave) + length), mode="wrap")[:length]
    wave = wave * sound.amplitude(rng.uniform(*NOISE_DBFS)) / np.sqrt(np.square(frames).mean())
    edge = np.minimum(1, np.arange(length) / (FADE_S * RATE))
    return within_full_scale(wave * edge * edge[::-1]), row["path"].name


def stitch(clips, noises, seconds, rng):
    """A conversation of about `seconds`, a whole number of seconds long: (audio float64 [T], stretches).

    `clips`: {(speaker, emotion): paths}; `noises`: rows of a manifest, possibly empty.
    """
    everybody = sorted({speaker for speaker, _ in clips})
    if len(everybody) < 2:
        raise SystemExit("a conversation needs two speakers with clips in the corpora; name more with --speakers")
    speakers = rng.permutation(everybody)[: rng.integers(SPEAKERS[0], min(SPEAKERS[1], len(everybody)) + 1)]
    deck, pieces, stretches, now = Deck(rng), [], [], 0

    def lay(wave, speaker, emotion, source=""):
        nonlocal now
        stretches.append(truth.Stretch(now / RATE, (now + len(wave)) / RATE, speaker, emotion, source))
        pieces.append(wave)
        now += len(wave)

    def pause():
        length = round(np.exp(rng.uniform(*np.log(PAUSE_S))) * RATE)
        if noises and length >= FILLED_FROM_S * RATE and rng.random() < FILLED:
            wave, name = draw_noise(length, noises, rng)
            lay(wave, "", truth.NOISE, name)
        else:
            lay(np.zeros(length), "", truth.SILENCE)

    speaker, emotion = None, None
    while now < seconds * RATE:
        if speaker is not None and rng.random() < SAME_SPEAKER:
            lay(np.zeros(round(rng.uniform(*CHANGE_S) * RATE)), "", truth.SILENCE)
            others = [e for s, e in clips if s == speaker and e != emotion]
        else:
            pause()
            speaker = rng.choice([s for s in speakers if s != speaker])
            others = [e for s, e in clips if s == speaker]
        if not others:
            raise SystemExit(f"{speaker} has clips in one emotion only; leave that speaker out")
        emotion = rng.choice(others)
        wave, names = draw_turn(clips[speaker, emotion], deck, (speaker, emotion), rng)
        lay(wave, str(speaker), str(emotion), names)
    # The length is a whole number of seconds, so that for every hop that divides a second a window ends with the
    # stream.
    lay(np.zeros(RATE + -now % RATE), "", truth.SILENCE)
    audio = np.concatenate(pieces)
    return within_full_scale(audio + sound.room(len(audio), rng, rng.uniform(*ROOM_DBFS))), stretches


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, help="the folder that holds manifest.csv")
    parser.add_argument("out", type=Path, help="the folder to write to")
    parser.add_argument("--speakers", nargs="+", required=True, help="whom to draw from, e.g. those of a held-out fold")
    parser.add_argument("--corpus", help="only this corpus")
    parser.add_argument("--noise", type=Path, help="a folder of noises with manifest.csv; without it pauses are quiet")
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--count", type=int, default=4)
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()

    rows = read_manifest(options.corpora, lambda row: row["speaker"] in options.speakers
                         and row["emotion"] in truth.EMOTIONS and options.corpus in (None, row["corpus"]))
    missing = set(options.speakers) - {row["speaker"] for row in rows}
    if missing:
        raise SystemExit(f"no clips of {', '.join(sorted(missing))}; the manifest's column `speaker` names who there is")
    clips = {}
    for row in rows:
        clips.setdefault((row["speaker"], row["emotion"]), []).append(row["path"])
    noises = read_manifest(options.noise, lambda row: True) if options.noise else []
    options.out.mkdir(parents=True, exist_ok=True)
    for index in range(options.count):
        audio, stretches = stitch(clips, noises, options.minutes * 60, np.random.default_rng((options.seed, index)))
        path = options.out / f"conversation-{index}.flac"
        soundfile.write(path, audio, RATE, subtype="PCM_16")
        truth.write(path.with_suffix(".csv"), stretches)
        turns = sum(s.is_speech for s in stretches)
        print(f"{path.name}: {len(audio) / RATE:.0f} s, {turns} turns, "
              f"{sum(s.emotion == truth.NOISE for s in stretches)} noises", flush=True)
    licences = sorted({row["licence"] for row in rows}) + sorted({row["licence"] for row in noises})
    (options.out / "LICENCE.txt").write_text(
        "These conversations are stitched from clips under the licences below and carry all of them.\n\n"
        + "".join(f"- {licence}\n" for licence in licences))


if __name__ == "__main__":
    main()
