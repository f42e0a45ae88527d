"""IEMOCAP in its original layout: the utterances of the four classes, and the two ways of splitting them into folds.

    Session1/dialog/EmoEvaluation/Ses01F_impro01.txt        [start - end]  utterance  emotion  [V, A, D]
    Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F000.wav

The emotion is the annotators' majority. There are 5,531 utterances of the four classes, with excited counted as happy.
The F or M before an utterance's number is the session's actor who speaks (the one in the dialogue's name is the actor
who wore the motion capture).
"""
import re
from dataclasses import dataclass
from pathlib import Path

from caser import LABELS

UTTERANCES = 5_531
CLASSES = {"hap": "happy", "exc": "happy", "ang": "angry", "neu": "neutral", "sad": "sad"}
LINE = re.compile(r"^\[[\d.]+ - [\d.]+\]\t(Ses(\d\d)[FM]_\S+_([FM])\d+)\t(\w+)\t")


@dataclass(frozen=True)
class Utterance:
    path: Path
    session: str          # "01" to "05"
    speaker: str          # "01F" …
    emotion: int          # index into LABELS


@dataclass(frozen=True)
class Fold:
    """The indices of the utterances of each part. No speaker is in two parts."""
    name: str
    train: tuple
    validation: tuple
    test: tuple


def read(folder):
    """The four-class utterances of the tree at `folder`, by session and name."""
    files = sorted(p for p in Path(folder).glob("Session*/dialog/EmoEvaluation/*.txt") if not p.name.startswith("."))
    if not files:
        raise SystemExit(f"{folder} holds no Session*/dialog/EmoEvaluation/*.txt; give the folder IEMOCAP_full_release")
    found = []
    for file in files:
        for line in file.read_text(errors="replace").splitlines():
            match = LINE.match(line)
            if not match or match[4] not in CLASSES:
                continue
            name, session, actor, emotion = match.groups()
            path = file.parents[2] / "sentences" / "wav" / file.stem / f"{name}.wav"
            if not path.exists():
                raise SystemExit(f"{file} names {name}, but {path} does not exist; the tree is not whole")
            found.append(Utterance(path, session, session + actor, LABELS.index(CLASSES[emotion])))
    return found


def folds(utterances, protocol):
    """The folds of a protocol. `session`: five folds, each tests a session. `speaker`: ten folds, each tests a speaker.

    The validation speaker is never tested. By session, it is one speaker of the session after the tested one (women and
    men in turn), whose partner stays in training; by speaker, it is the tested speaker's partner.
    """
    def indices(wanted):
        return tuple(i for i, u in enumerate(utterances) if wanted(u))

    def fold(name, tested, held):
        train = indices(lambda u: u.speaker not in tested | held)
        found = Fold(name, train, indices(lambda u: u.speaker in held), indices(lambda u: u.speaker in tested))
        if not (found.train and found.validation and found.test):
            raise SystemExit(f"fold {name} lacks utterances to train, stop or test on; the tree is not whole")
        return found

    sessions = sorted({u.session for u in utterances})
    if protocol == "session":
        after = [sessions[(i + 1) % len(sessions)] for i in range(len(sessions))]
        return [fold(s, {s + "F", s + "M"}, {after[i] + "FM"[i % 2]}) for i, s in enumerate(sessions)]
    partner = {"F": "M", "M": "F"}
    return [fold(s + a, {s + a}, {s + partner[a]}) for s in sessions for a in "FM"]
