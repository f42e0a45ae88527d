"""Ordinary, unacted speech: its pieces, the windows cut from them, and the set of each piece.

A folder of ordinary speech contains `manifest.csv` (path, corpus, speaker); meetings are FLAC files beside `.rttm`
files with the turns of the speakers. The emotion of neither is labelled: training treats it as weakly neutral.
"""
import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import channels
import corpora
from caser import SAMPLE_RATE

MEETINGS = "ami"
SHORTEST_TURN_S = 4.0                   # of a meeting
PIECE = 14 * SAMPLE_RATE                # length near which a longer turn is divided into pieces
HOP = SAMPLE_RATE                       # between the windows of a piece
CHANNEL_SEED = 16
REFERENCE = 4 * SAMPLE_RATE             # start of a piece, which serves as the reference; the rest is predicted


@dataclass(frozen=True)
class Piece:
    path: Path
    set: str
    speaker: str
    start: int = 0                      # of the file, in samples
    end: int | None = None

    def wave(self):
        """float32 [T] at 16 kHz."""
        return corpora.read_wave(self.path)[self.start : self.end]


def read_manifest(folder):
    """The pieces of the manifest in `folder`, in the order of the manifest."""
    folder = Path(folder)
    pieces = []
    with open(folder / "manifest.csv", newline="") as file:
        for row in csv.DictReader(file):
            path = folder / row["path"]
            path = path if path.exists() else folder.parent / row["path"]
            pieces.append(Piece(path, row["corpus"], row["speaker"]))
    return pieces


def turns(lines):
    """Reads RTTM lines as {file: [(speaker, start, end)]}, in samples: the turns of at least 4 s of which other
    speakers overlap at most a third."""
    said, out = {}, {}
    for line in lines:
        _, file, _, start, length, _, _, speaker, *_ = line.split()
        said.setdefault(file, []).append((float(start), float(start) + float(length), speaker))
    for file, rows in said.items():
        for start, end, speaker in rows:
            overlap = sum(max(0.0, min(b, end) - max(a, start)) for a, b, s in rows if s != speaker)
            if end - start >= SHORTEST_TURN_S and overlap <= (end - start) / 3:
                out.setdefault(file, []).append((speaker, round(start * SAMPLE_RATE), round(end * SAMPLE_RATE)))
    return out


def read_meetings(folder):
    """The pieces of the meetings in `folder`: turns of one speaker, divided into pieces of about `PIECE`."""
    folder = Path(folder)
    lines = [line for path in sorted(folder.glob("*.rttm")) for line in path.read_text().splitlines() if line.strip()]
    pieces = []
    for file, alone in sorted(turns(lines).items()):
        found = [p for p in (folder / f"ami_{file}.flac", folder / f"{file}.flac") if p.exists()]
        for speaker, start, end in alone if found else ():
            count = max(1, round((end - start) / PIECE))
            cuts = np.linspace(start, end, count + 1).astype(int).tolist()
            pieces += [Piece(found[0], MEETINGS, f"{MEETINGS}:{speaker}", a, b) for a, b in zip(cuts, cuts[1:])]
    return pieces


def window_starts(samples):
    """Starts of the windows of a piece of `samples` samples; a piece shorter than a window has one window, at 0."""
    return list(range(0, max(1, samples - corpora.WINDOW + 1), HOP))


def parts(starts):
    """Two boolean arrays for the windows of a piece at `starts`: (within its first 4 s, after its first 4 s)."""
    starts = np.asarray(starts)
    return starts + corpora.WINDOW <= REFERENCE, starts >= REFERENCE


def cut(wave, start):
    """The window [48,000] of `wave` at `start`; a wave shorter than a window is repeated."""
    return corpora.middle_window(wave) if len(wave) < corpora.WINDOW else wave[start : start + corpora.WINDOW]


class Windows:
    """All windows of some pieces; `piece`, `start`, `set` and `speaker` have one element for each window."""

    def __init__(self, pieces):
        self.pieces = pieces
        rows = [(k, s) for k, p in enumerate(pieces) for s in window_starts(len(p.wave()))]
        self.piece, self.start = (np.array(column) for column in zip(*rows))
        self.set, self.speaker = (np.array([getattr(pieces[k], n) for k in self.piece]) for n in ("set", "speaker"))

    def channelled(self):
        """Indices of the windows that also exist after a channel: every other window of a piece."""
        return np.flatnonzero(self.start // HOP % 2 == 0)

    def window(self, i, channelled):
        """Window `i`, float32 [48,000]; if `channelled`, after a channel that all windows of its piece share."""
        piece, start = int(self.piece[i]), int(self.start[i])
        out = cut(self.pieces[piece].wave(), start)
        if not channelled:
            return out
        return channels.draw(np.random.default_rng((CHANNEL_SEED, piece)))(out, np.random.default_rng((CHANNEL_SEED, piece, start)))
