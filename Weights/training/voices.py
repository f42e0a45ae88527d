"""Computes the predictions of the voice recipe's runs for held-out voices and sets, with and without a reference:

    python voices.py --corpora DIR --encoder FILE --ordinary DIR [--meetings DIR] [--phones DIR] [--runs NAME …]

Writes NAME.voices.npz beside each run, with logits only: of the middle windows of the held-out clips, of the windows of
the held-out ordinary speech, of some of the same clips in recording conditions, of lay speakers on phones, and of
references by their seconds. `enrolment.py` computes figures from them. A reference is the first K neutral clips of a speaker in the manifest's order, or randomly drawn ones; for
ordinary speech it is the first 4 s of a piece.
"""
from pathlib import Path

import numpy as np
import torch

import cache
import caser
import corpora
import features
import ordinary
import reference
import train

COUNTS = (1, 2, 3, 5, 10)              # neutral clips of a reference
DRAWS = 5                              # random draws of a reference of three neutral clips
SECONDS = (1, 2, 5, 10, 20)            # of speech in a reference that is measured by its length
MOST_SECONDS = {"nemo": 20, "emodb": 5, "ravdess": 5}      # what all speakers' neutral clips allow, with some left to measure
NEUTRAL = reference.NEUTRAL


def read(model, stream, frames, rows, known=None, batch=128):
    """Logits [N, 4] of the windows `rows`; `known`: the reference [N, 512] of each, NaN for none."""
    out = []
    with torch.no_grad():
        for start in range(0, len(rows), batch):
            some = np.asarray(rows[start : start + batch])
            x, y = (torch.from_numpy(np.stack([a[i] for i in some])).float() for a in (stream, frames))
            r = None if known is None else torch.from_numpy(known[start : start + batch]).float()
            out.append(model(x, y, r).numpy())
    return np.concatenate(out) if out else np.zeros((0, 4), np.float32)


class Reader:
    """A network with the cached windows of one kind."""

    def __init__(self, model, stream, frames):
        self.model, self.stream, self.frames = model, stream, frames
        self.means = reference.means(stream)

    def plain(self, rows):
        return read(self.model, self.stream, self.frames, rows)

    def knowing(self, rows, references):
        """Logits of `rows` with references. `references`: for each row, the rows whose mean is its reference, () for
        none."""
        known = np.stack([self.means[list(r)].mean(0) if len(r) else np.full(self.means.shape[1], np.nan, np.float32)
                          for r in references])
        return read(self.model, self.stream, self.frames, rows, known)


def enrolled(labels, speakers, count, rng=None):
    """For each clip, the positions of the first `count` neutral clips of its speaker, or of `count` drawn with
    `rng`."""
    out = {}
    for speaker in dict.fromkeys(speakers):
        rows = np.flatnonzero((speakers == speaker) & (labels == NEUTRAL))
        out[speaker] = rows[:count] if rng is None else rng.choice(rows, min(count, len(rows)), replace=False)
    return [out[s] for s in speakers]


def spoken(waves, seconds):
    """(the first `seconds` of the speech in `waves`, one after another without their quiet ends, float32; the number of
    waves that it takes)"""
    pieces = []
    for wave in waves:
        if sum(map(len, pieces)) >= seconds * corpora.SAMPLE_RATE:
            break
        pieces.append(corpora.trim(wave))
    return np.concatenate(pieces)[: seconds * corpora.SAMPLE_RATE], len(pieces)


def covering(wave):
    """Windows [N, 48,000] that cover `wave` in as few steps as possible; a wave shorter than a window is repeated."""
    if len(wave) < corpora.WINDOW:
        return corpora.middle_window(wave)[None]
    starts = [*range(0, len(wave) - corpora.WINDOW, corpora.WINDOW), len(wave) - corpora.WINDOW]
    return np.stack([wave[s : s + corpora.WINDOW] for s in starts])


def by_seconds(model, frozen, clips, rows):
    """The mean logits of references of `SECONDS` of speech, from the first neutral clips of each speaker: {"speakers":
    [S], "used": rows of the clips that the longest reference takes, "1": [S, 4], …}, NaN where the speaker's corpus has
    less."""
    speakers, used = list(dict.fromkeys(clips[i].speaker for i in rows)), []
    out = {str(s): np.full((len(speakers), len(caser.LABELS)), np.nan, np.float32) for s in SECONDS}
    for k, speaker in enumerate(speakers):
        neutral = [i for i in rows if clips[i].speaker == speaker and clips[i].emotion == NEUTRAL]
        if not neutral:
            continue
        most = MOST_SECONDS[clips[neutral[0]].corpus]
        wave, count = spoken((corpora.read_wave(clips[i].path) for i in neutral), most)
        used += neutral[:count]
        for s in SECONDS:
            if s <= most:
                windows = covering(wave[: s * corpora.SAMPLE_RATE])
                out[str(s)][k] = read(model, *features.front_ends(frozen, windows), range(len(windows))).mean(0)
    return {"speakers": np.array(speakers), "used": np.array(used), **out}


def wrong(labels, speakers, corpus):
    """For each clip, the positions of three angry clips of its speaker, and of three neutral clips of the next speaker
    of its corpus."""
    names = sorted(set(zip(corpus, speakers)))
    angry, other = [], []
    for c, s in zip(corpus, speakers):
        angry.append(np.flatnonzero((speakers == s) & (labels == caser.LABELS.index("angry")))[:3])
        among = [n for k, n in names if k == c]
        next_one = among[(among.index(s) + 1) % len(among)]
        other.append(np.flatnonzero((speakers == next_one) & (labels == NEUTRAL))[:3] if next_one != s else ())
    return angry, other


def measure(place, run, options, frozen):
    model = place.network(run.name)
    has = model.reference is not None
    clips, rows = place.clips, np.array(run.held)
    labels, speakers, corpus = (np.array([getattr(clips[i], n) for i in rows]) for n in ("emotion", "speaker", "corpus"))
    out = {"rows": rows}
    reader = Reader(model, *features.kept(place.cache, str(features.MIDDLE)))
    out["plain"] = reader.plain(rows)
    position = lambda lists: [rows[list(r)] for r in lists]
    if has:
        for count in COUNTS:
            out[f"first{count}"] = reader.knowing(rows, position(enrolled(labels, speakers, count)))
        for draw in range(DRAWS):
            lists = enrolled(labels, speakers, 3, np.random.default_rng((draw, len(rows))))
            out[f"drawn{draw}"] = reader.knowing(rows, position(lists))
        angry, other = wrong(labels, speakers, corpus)
        out["angry"], out["other"] = (reader.knowing(rows, position(lists)) for lists in (angry, other))
    out |= {f"seconds:{k}": v for k, v in by_seconds(model, frozen, clips, rows.tolist()).items()}
    # Ordinary speech of the held-out sets, or of all sets if none is held out.
    windows = ordinary.Windows(place.pieces)
    heard = np.flatnonzero(np.isin(windows.set, run.without or place.sets))
    out["ordinary_rows"] = heard
    speech = Reader(model, *features.kept(place.ordinary_cache, train.ORDINARY[0]))
    out["ordinary"] = speech.plain(heard)
    if has:
        first, _ = ordinary.parts(windows.start)
        own = {p: np.flatnonzero(first & (windows.piece == p)) for p in set(windows.piece[heard].tolist())}
        out["ordinary4"] = speech.knowing(heard, [own[p] for p in windows.piece[heard].tolist()])
    measured = cache.measured(clips)
    where = {i: k for k, i in enumerate(measured)}
    mine = np.array([i for i in rows.tolist() if i in where])
    out["measured"] = mine
    for name in cache.CONDITIONS:
        if (place.cache / f"progress.in-{name}.json").exists():
            reader = Reader(model, *features.kept(place.cache, f"in-{name}"))
            out[f"in-{name}"] = reader.plain([where[i] for i in mine.tolist()])
    if options.phones:
        lay = corpora.read_manifest(options.phones)
        names, emotions = np.array([c.speaker for c in lay]), np.array([c.emotion for c in lay])
        reader = Reader(model, *features.kept(place.work / "cache" / f"phones-{place.cache.name}", "phones"))
        out["phones"], out["phones_truth"], out["phones_speakers"] = reader.plain(range(len(lay))), emotions, names
        if has:
            out["phones3"] = reader.knowing(range(len(lay)), enrolled(emotions, names, 3))
    np.savez(place.folder / f"{run.name}.voices.npz", **out)


def main():
    parser = train.Workplace.arguments(__doc__)
    parser.add_argument("--phones", type=Path)
    parser.add_argument("--runs", nargs="+")
    options = parser.parse_args()
    torch.set_num_threads(1)
    place = train.Workplace(options)
    frozen = features.load_frozen(options.encoder)
    for run in place.runs("ship", "folds", "corpora"):
        if (place.folder / f"{run.name}.pt").exists() and (not options.runs or run.name in options.runs):
            measure(place, run, options, frozen)
            print(f"{run.name}: read", flush=True)


if __name__ == "__main__":
    main()
