"""Measures streams that are mostly ordinary speech, as users have them, with the program itself:

    python -m streaming.everyday --corpora DIR --encoder FILE --ordinary DIR --meetings DIR [--minutes 4]

run after `enrolment.py`, in Weights/training, with .build/release/emoscope built. In the stream of a speaker, his neutral
clips in random order make about `ORDINARY_SHARE` of the speech, with turns of one to three emotional clips between
them, pauses, and no clip twice. Its length is `--minutes` or what his neutral clips allow. Each stream is read
with the network of the fold that held the speaker out, without a baseline and with `--baseline auto`. Streams of ten
minutes have no emotion: ten voices of LibriSpeech, a minute each, read by a network that never heard the set (a voice
has one piece of about ten seconds, which is repeated).

Writes `streams` into results.json, by corpus and baseline, for each of the first four minutes and for all after the first:
the share of ordinary time that shows an emotion, the share of emotional turns that are found (shown for at least 1 s before 1.5 s
after the end), the share of emotional time that is right, and the median delay.
"""
import tempfile
from pathlib import Path

import numpy as np
import soundfile

import caser
import offset
import ship
import train
from streaming import conversations, score, session, sound, truth
from streaming.sound import RATE

SEED = 2026
ORDINARY, ORDINARY_SHARE = "neutral", 0.8
# The minutes of a stream, from 0, by the name of a part; "later" is all minutes but the first.
PARTS = {"first minute": (0,), "second minute": (1,), "third minute": (2,), "fourth minute": (3,), "later": range(1, 10_000)}
PAUSE_S, ROOM_DBFS = (0.3, 2.0), -60.0
MINUTE_S = 60.0
BASELINES = ("none", "auto")
ORDINARY_SET, VOICES = "librispeech", 10


def turns_of(neutral, emotional, rng):
    """The stream's turns in order, (emotion, clips): each neutral clip is a turn, and turns of emotion come between
    them (two may follow one another), the first after the first two neutral clips."""
    turns = [(ORDINARY, [clip]) for clip in rng.permutation(neutral).tolist()]
    left = {e: rng.permutation(clips).tolist() for e, clips in emotional.items()}
    wanted = round(len(neutral) * (1 - ORDINARY_SHARE) / ORDINARY_SHARE)
    places = []
    while wanted > 0 and any(left.values()):
        emotion = rng.choice(sorted(e for e, clips in left.items() if clips))
        count = min(int(rng.integers(1, 4)), wanted, len(left[emotion]))
        places.append((int(rng.integers(2, len(neutral) + 1)), emotion, [left[emotion].pop() for _ in range(count)]))
        wanted -= count
    for place, emotion, clips in sorted(places, reverse=True):
        turns.insert(place, (emotion, clips))
    return turns


def laid(turns, seconds, rng):
    """(audio float64 [T], stretches) of `turns` [(label, paths)] with pauses between all clips, until `seconds` are
    full."""
    pieces, stretches, now = [], [], 0
    for emotion, paths in turns:
        if now >= seconds * RATE:
            break
        for path in paths:
            wave = conversations.within_full_scale(sound.at_spoken_level(conversations.read_clip(Path(path)), rng))
            stretches.append(truth.Stretch(now / RATE, (now + len(wave)) / RATE, "", emotion))
            pause = np.zeros(round(rng.uniform(*PAUSE_S) * RATE))
            pieces += [wave, pause]
            now += len(wave) + len(pause)
    audio = np.concatenate([*pieces, np.zeros(RATE)])
    return conversations.within_full_scale(audio + sound.room(len(audio), rng, ROOM_DBFS)), stretches


def seen(windows, stretches):
    """What a viewer sees of a stream: ({(minute, true emotion, displayed label): seconds}, [(minute, delay of an emotional
    turn in seconds, None where it was never shown)]); a stretch belongs to the minute in which it begins."""
    runs = score.display(windows, max(s.end for s in stretches) + score.LATE_S)
    minute = lambda stretch: int(stretch.start // MINUTE_S)
    shown, before, changes = {}, None, []
    for stretch in stretches:
        for start, end, label in runs:
            if (seconds := min(end, stretch.end) - max(start, stretch.start)) > 0:
                key = minute(stretch), stretch.emotion, label
                shown[key] = shown.get(key, 0.0) + seconds
        if stretch.emotion != before:
            changes.append(stretch)
        before = stretch.emotion
    delays = score.delays(runs, stretches)
    return shown, [(minute(s), d) for s, d in zip(changes, delays) if s.emotion != ORDINARY]


def figures(shown, delays, part):
    """The figures of one part, a key of `PARTS`; None where there was no such time."""
    mine = {}
    for key, seconds in shown.items():
        if key[0] in PARTS[part]:
            mine[key[1:]] = mine.get(key[1:], 0.0) + seconds

    def share(is_among, is_wanted):
        among = {key: seconds for key, seconds in mine.items() if is_among(key[0])}
        wanted = sum(seconds for key, seconds in among.items() if is_wanted(*key))
        return round(wanted / sum(among.values()), 4) if among else None

    is_ordinary = lambda emotion: emotion == ORDINARY
    turns = [d for minute, d in delays if minute in PARTS[part]]
    found = [d for d in turns if d is not None]
    return {
        "minutes": round(sum(mine.values()) / 60, 1),
        "ordinary_shown_as_emotion": share(is_ordinary, lambda said, label: label in truth.EMOTIONS and label != ORDINARY),
        "ordinary_unsure": share(is_ordinary, lambda said, label: label == session.UNSURE),
        "turns": len(turns),
        "turns_found": round(len(found) / len(turns), 4) if turns else None,
        "emotional_time_right": share(lambda emotion: emotion != ORDINARY, lambda said, label: said == label),
        "delay_median_s": round(float(np.median(found)), 2) if found else None,
    }


def streams_of_speakers(place, run, minutes):
    """Yields (corpus, audio, stretches) for each speaker that `run` held out."""
    clips = [place.clips[i] for i in run.held]
    for number, speaker in enumerate(sorted({c.speaker for c in clips})):
        by = {}
        for clip in clips:
            if clip.speaker == speaker:
                by.setdefault(caser.LABELS[clip.emotion], []).append(str(clip.path))
        rng = np.random.default_rng((SEED, number, len(clips)))
        corpus = next(c.corpus for c in clips if c.speaker == speaker)
        yield corpus, *laid(turns_of(by.pop(ORDINARY), by, rng), minutes * 60, rng)


def stream_without_emotion(place, number):
    """(audio, stretches) of `VOICES` voices of `ORDINARY_SET`, a minute each."""
    rng = np.random.default_rng((SEED, number))
    pieces = [p for p in place.pieces if p.set == ORDINARY_SET]
    audio, stretches, now = [], [], 0.0
    for i in rng.choice(len(pieces), VOICES, replace=False):
        path = str(pieces[i].path)
        minute, said = laid([(ORDINARY, [path])] * 60, MINUTE_S, rng)
        audio.append(minute)
        stretches += [truth.Stretch(s.start + now, s.end + now, s.speaker, s.emotion) for s in said]
        now += len(minute) / RATE
    return np.concatenate(audio), stretches


def windows_of(audio, weights, baseline, folder):
    """The windows that the program logs of `audio` with its defaults."""
    wave = folder / "stream.wav"
    soundfile.write(wave, audio, RATE, subtype="PCM_16")
    return session.replayed(session.BINARY, wave, folder / "stream.csv", ["--weights", weights, "--baseline", baseline])


def main():
    parser = train.Workplace.arguments(__doc__)
    parser.add_argument("--minutes", type=float, default=4.0)
    options = parser.parse_args()
    place = train.Workplace(options)
    results = place.kept_results()
    shown, delays = {}, {}
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        for k, run in enumerate(place.runs("folds")):
            weights = folder / f"{run.name}.safetensors"
            correction = offset.Correction.of(results["enrolment"]["corrections"][run.name])
            ship.write(weights, place.network(run.name), place.tensors(), place.recipe.heads, correction, "", "")
            streams = list(streams_of_speakers(place, run, options.minutes))
            if ORDINARY_SET in run.without:
                streams.append((ORDINARY_SET, *stream_without_emotion(place, k)))
            for corpus, audio, stretches in streams:
                for baseline in BASELINES:
                    more, late = seen(windows_of(audio, weights, baseline, folder), stretches)
                    sums = shown.setdefault((corpus, baseline), {})
                    for key, seconds in more.items():
                        sums[key] = sums.get(key, 0.0) + seconds
                    delays.setdefault((corpus, baseline), []).extend(late)
            print(f"{run.name}: read", flush=True)
    tables = {}
    for (corpus, baseline), sums in shown.items():
        by = {part: figures(sums, delays[corpus, baseline], part) for part in PARTS if any(k[0] in PARTS[part] for k in sums)}
        tables.setdefault(corpus, {})[baseline] = by
        for part, values in by.items():
            print(corpus, baseline, part, values)
    place.add_results({"streams": tables})


if __name__ == "__main__":
    main()
