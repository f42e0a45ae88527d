"""Checks exports and reports of a session with programs of others: check.py EMOSCOPE RECORDING [FOLDER]."""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Browser"))

import exports
import pages


def main():
    emoscope, recording, *kept = sys.argv[1:]
    if kept:
        Path(kept[0]).mkdir(parents=True)
        pages.check(emoscope, exports.check(emoscope, recording, kept[0]))
        return
    with tempfile.TemporaryDirectory() as folder:
        pages.check(emoscope, exports.check(emoscope, recording, folder))


if __name__ == "__main__":
    main()
