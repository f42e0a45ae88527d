"""Runs the program over a grid of settings to choose hop, smoothing, gates and the treatment of silence.

    python -m streaming.sweep CONVERSATIONS WEIGHTS [--smooth 0 0.5 1 2 …] [--document FILE.md]

CONVERSATIONS is a folder written by `streaming.conversations`. The program reads each conversation once for each
detector threshold, share of the newest second and treatment of silence, at the shortest hop and the lowest share of the
window. These logs are cached by the checksums of program, weights and recording, so a run that was stopped continues
where it was. The other settings are derived from the logs (`streaming.session.derive`). The derivation is compared with
the program's logs: at each log's own settings and, by further runs of the program, at the chosen and at the coarsest
settings. A difference ends the sweep.

Of the settings with at most MAX_FALSE_CHANGES false changes a minute, the sweep chooses the one whose display is true
for the largest share of the stream (`streaming.score`: the right emotion during speech, none otherwise). If there are
none, it chooses the one with the fewest false changes. `--unsure` above 0 gives up right labels to avoid wrong ones, so
its values are reported but not part of the choice.
"""
import argparse
import hashlib
import itertools
import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from streaming import document, score, session, truth

HERE = Path(__file__).resolve().parent
BASE_SMOOTH, BASE_MIN_SPEECH = 1.0, 0.0
MAX_FALSE_CHANGES = 2.0


@dataclass(frozen=True, order=True)
class Settings:
    hop: float
    smooth: float
    vad_threshold: float
    min_speech: float
    min_recent_speech: float
    unsure: float
    silence: str                    # keep or cut

    @property
    def run(self):
        """The settings that cannot be derived, for each of which the program reads the recordings."""
        return self.vad_threshold, self.min_recent_speech, self.silence

    def arguments(self):
        flags = ["--hop", self.hop, "--smooth", self.smooth, "--vad-threshold", self.vad_threshold,
                 "--min-speech", self.min_speech, "--min-recent-speech", self.min_recent_speech, "--unsure", self.unsure,
                 "--silence", self.silence]
        return [str(flag) for flag in flags]


class Program:
    """emoscope with one weights file; its logs are cached."""

    def __init__(self, binary, weights, cache, report):
        session.check_built(binary)
        self.binary, self.weights, self.cache, self.report = binary, weights, cache, report
        self.version = self.checksum(binary) + self.checksum(weights)
        cache.mkdir(parents=True, exist_ok=True)

    @staticmethod
    def checksum(path):
        return hashlib.sha256(path.read_bytes()).hexdigest()

    def windows(self, recording, settings):
        """The windows of `recording` that the program logs with `settings`."""
        key = [self.version, self.checksum(recording), settings.arguments()]
        log = self.cache / f"{hashlib.sha256(json.dumps(key).encode()).hexdigest()[:24]}.csv"
        if not log.exists():
            self.report(f"{recording.name}: {' '.join(settings.arguments())}")
            part = self.cache / f"part-{os.getpid()}.csv"
            session.replayed(self.binary, recording, part, ["--weights", self.weights, *settings.arguments()])
            part.rename(log)
        return session.read(log)


def hold(derived, real, settings, recording):
    """Exits if the derived windows differ from the program's."""
    found = session.differences(derived, real, settings.unsure)
    if found:
        raise SystemExit(f"{recording.name}: what is derived for {settings} is not what the program logs; {found[0]}"
                         + (f" (and {len(found) - 1} more)" if found[1:] else ""))


def logged(program, recordings, grid, report):
    """The program's logs at the shortest hop, each compared with `derive`: {(settings.run, recording): windows}."""
    logs = {}
    runs = itertools.product(grid["vad_threshold"], grid["min_recent_speech"], grid["silence"])
    for vad_threshold, recent, silence in runs:
        settings = Settings(min(grid["hop"]), BASE_SMOOTH, vad_threshold, BASE_MIN_SPEECH, recent, 0.0, silence)
        for recording in recordings:
            windows = program.windows(recording, settings)
            hold(session.derive(windows, settings.hop, BASE_SMOOTH, BASE_MIN_SPEECH, 0.0), windows, settings, recording)
            logs[settings.run, recording] = windows
    return logs


def tally(settings, logs, recordings, truths):
    """The derived Tally of `settings` over all conversations."""
    tallies = []
    for recording in recordings:
        windows = logs[settings.run, recording]
        shown = session.derive(windows, settings.hop, settings.smooth, settings.min_speech, settings.unsure)
        tallies.append(score.measure(shown, truths[recording]))
    return sum(tallies, score.Tally())


def choose(results):
    """The settings that the rule in the module's docstring chooses from {settings: figures}."""
    sure = {s: f for s, f in results.items() if s.unsure == 0} or results
    calm = {s: f for s, f in sure.items() if f["false_changes_per_minute"] <= MAX_FALSE_CHANGES}
    if not calm:
        return min(sure, key=lambda s: (sure[s]["false_changes_per_minute"], -sure[s]["true"], s))
    return min(calm, key=lambda s: (-calm[s]["true"], calm[s]["false_changes_per_minute"], s))


def verify(program, chosen, grid, logs, recordings, report):
    """Runs the program with the chosen settings, and with the coarsest settings on the first recording; exits if its
    logs differ from the derived windows. Returns the windows with the chosen settings, by recording."""
    coarsest = replace(chosen, hop=max(grid["hop"]), smooth=max(grid["smooth"]), min_speech=max(grid["min_speech"]),
                       unsure=max(grid["unsure"]))
    real = {}
    for settings, recording in [*((chosen, r) for r in recordings), (coarsest, recordings[0])]:
        windows = program.windows(recording, settings)
        derived = session.derive(logs[settings.run, recording],
                                 settings.hop, settings.smooth, settings.min_speech, settings.unsure)
        hold(derived, windows, settings, recording)
        real.setdefault(settings, {})[recording] = windows
    report("the derived windows are those that the program logs")
    return real[chosen]


def text(output):
    """`output` as JSON, with one line for each combination of settings."""
    head = json.dumps({name: value for name, value in output.items() if name != "grid"}, indent=1)
    rows = ",\n".join(f"  {json.dumps(row)}" for row in output["grid"])
    return f'{head[:-2]},\n "grid": [\n{rows}\n ]\n}}\n'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("conversations", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--binary", type=Path, default=session.BINARY)
    parser.add_argument("--cache", type=Path, default=HERE.parent / "cache" / "streaming")
    parser.add_argument("--out", type=Path, default=HERE / "results.json", help="every settings' figures, as JSON")
    parser.add_argument("--document", type=Path, help="a Markdown file whose part between the marks is replaced")
    parser.add_argument("--hop", type=float, nargs="+", default=[0.25, 0.5, 1.0])
    parser.add_argument("--smooth", type=float, nargs="+", default=[0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0])
    parser.add_argument("--vad-threshold", type=float, nargs="+", default=[0.3, 0.5, 0.7])
    parser.add_argument("--min-speech", type=float, nargs="+", default=[0.05, 0.1, 0.2, 0.3, 0.4, 0.5])
    parser.add_argument("--min-recent-speech", type=float, nargs="+", default=[0.0, 0.1, 0.2])
    parser.add_argument("--unsure", type=float, nargs="+", default=[0.0])
    parser.add_argument("--silence", nargs="+", default=["keep", "cut"], choices=("keep", "cut"))
    options = parser.parse_args()
    report = lambda line: print(line, flush=True)
    grid = {name: getattr(options, name) for name in Settings.__dataclass_fields__}
    recordings = sorted(options.conversations.glob("*.flac"))
    if not recordings:
        raise SystemExit(f"{options.conversations} holds no .flac; write some with python -m streaming.conversations")

    program = Program(options.binary, options.weights, options.cache, report)
    truths = {recording: truth.read(recording.with_suffix(".csv")) for recording in recordings}
    logs = logged(program, recordings, grid, report)
    results = {}
    combinations = [Settings(*values) for values in itertools.product(*grid.values())]
    for settings in combinations:
        results[settings] = score.figures(tally(settings, logs, recordings, truths))
        if len(results) % 50 == 0 or len(results) == len(combinations):
            report(f"settings: {len(results)}/{len(combinations)}")
    chosen = choose(results)
    real = verify(program, chosen, grid, logs, recordings, report)
    measured = {r.name: score.measure(real[r], truths[r]) for r in recordings}
    output = {
        "weights_sha256": program.checksum(options.weights),
        "conversations": {r.name: program.checksum(r) for r in recordings},
        "chosen": asdict(chosen),
        "chosen_by_the_program": score.figures(sum(measured.values(), score.Tally())),
        "chosen_by_conversation": {name: score.figures(t) for name, t in measured.items()},
        "grid": [{"settings": asdict(s), "figures": f} for s, f in sorted(results.items())],
    }
    options.out.write_text(text(output))
    tables = document.tables(chosen, results, output, grid)
    print(tables)
    if options.document:
        document.put(options.document, tables)


if __name__ == "__main__":
    main()
