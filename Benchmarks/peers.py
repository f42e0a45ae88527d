#!/usr/bin/env python3
"""Times emoscope and alternative runtimes on one 3 s window, with the same network and number of threads.

    scripts/peers [--rounds 7] [--windows 5] [--threads 1 2] [--network paper|shipped|both] [--json] [--write FILE]

Every runtime computes the logits from the front ends' output (MFCC frames, and log-mel frames or the normalised wave);
the time of the front ends is not included on either side. A round consists, for each peer, of a turn of emoscope in the
peer's precision and a turn of the peer. A turn is some warm-up windows, then the timed ones. Before the rounds, the
logits of every runtime are compared with PyTorch's: they may differ by a thousandth of the logits' spread (greatest
minus least) in fp32, and by a quarter in int8. A peer that differs by more is timed and named with its difference, but is
never counted as the best. If emoscope's do, the program ends.

Ratios are emoscope's time over the peer's. The first ratio is of the least times, which other programs disturb least.
The second is the median, over the rounds, of the ratio of the two adjacent turns' median times, with the least and the
greatest round. The limit is what a window's multiply-accumulates take at the rate that `emoscope bench` measures in the
same turns. The output is a Markdown table, or with --json all figures as JSON, one network a line. --write puts the tables
into a document, in the section of this processor and these kernels.
"""
import argparse
import json
import statistics
import sys
import time
from pathlib import Path

import networks
import report
import runtimes

TOLERANCE = {"fp32": 1 / 1000, "int8": 1 / 4}
PAUSE = 0.3         # seconds before a turn, in which the threads of the previous turn stop spinning


def say(text):
    print(text, file=sys.stderr, flush=True)


def check(runtime, logits, expected, may_differ):
    """Returns the difference from the expected logits, in spreads; exits if it is too large where it must not be."""
    spread = max(expected) - min(expected)
    difference = max(abs(a - b) for a, b in zip(logits, expected)) / spread
    say(f"  {runtime.name}: within {difference:.2g} of the logits' spread")
    if not difference <= TOLERANCE[runtime.precision] and not may_differ:
        raise SystemExit(f"{runtime.name} gives the logits {logits}, PyTorch {expected}: "
                         f"{difference:.2g} of their spread apart, more than {TOLERANCE[runtime.precision]:.2g}")
    return difference


def measure(ours, peers, threads, rounds, windows):
    """Returns a dictionary from the name of each runtime to its figures at `threads` threads."""
    for runtime in (*ours.values(), *peers):
        runtime.set_up(threads)
    expected = peers[0].turn(1)[1]
    figures = {}
    for runtime in (*ours.values(), *peers):
        figures[runtime.name] = {"precision": runtime.precision, "times": [], "ratios": [],
                                 "difference": check(runtime, runtime.turn(1)[1], expected,
                                                     may_differ=runtime in peers)}
    for runtime in ours.values():
        runtime.whole.clear()
    for number in range(rounds):
        for peer in peers:
            pair = []
            for runtime in (ours[peer.precision], peer):
                time.sleep(PAUSE)
                times, _ = runtime.turn(windows)
                figures[runtime.name]["times"] += times
                pair.append(statistics.median(times))
            figures[peer.name]["ratios"].append(pair[0] / pair[1])
        say(f"  {report.plural(threads)}: round {number + 1} of {rounds}")
    for figure in figures.values():
        figure["least"], figure["median"] = min(figure["times"]), statistics.median(figure["times"])
        figure["ratio"] = statistics.median(figure["ratios"]) if figure["ratios"] else None
    for peer in peers:
        figures[peer.name]["least_ratio"] = figures[ours[peer.precision].name]["least"] / figures[peer.name]["least"]
    for runtime in ours.values():
        figure = figures[runtime.name]
        figure["whole_window"] = {"least": min(runtime.whole), "median": statistics.median(runtime.whole)}
        figure["limit"] = runtime.macs / runtime.peak / 1e6
        figure["share"] = figure["limit"] / figure["least"]
    return figures


def compare(name, options):
    folder = options.folder / name
    folder.mkdir(parents=True, exist_ok=True)
    say(f"making {name} for each runtime")
    network = networks.NETWORKS[name](folder)
    peers = runtimes.peers(network, networks.to_onnx(network, folder))
    ours = {p: runtimes.Emoscope(options.emoscope, network, p) for p in ("fp32", "int8")}
    say(network.title)
    threads = {count: measure(ours, peers, count, options.rounds, options.windows) for count in options.threads}
    return {"network": network.title, "kernels": ours["fp32"].kernels, "threads": threads}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--windows", type=int, default=5, help="timed in a turn")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--network", choices=[*networks.NETWORKS, "both"], default="both")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", type=Path, metavar="FILE", help="the document that gets the tables")
    parser.add_argument("--emoscope", default=str(networks.ROOT / ".build/release/emoscope"))
    parser.add_argument("--folder", type=Path, default=networks.ROOT / ".build/peers", help="for the networks' files")
    options = parser.parse_args()

    about = report.conditions(options.rounds, options.windows)
    if about["load"] > 0.5:
        say(f"other programs want {about['load']:.1f} cores: the medians will say little")
    if not options.json:
        print(f"{about['processor']}\n{report.in_words(about)}")
    comparisons = []
    for name in networks.NETWORKS if options.network == "both" else [options.network]:
        comparisons.append(compare(name, options))
        print(json.dumps(about | comparisons[-1]) if options.json else "\n" + report.table(comparisons[-1], TOLERANCE),
              flush=True)
    if options.write:
        report.write(options.write, *report.section(about, comparisons[0]["kernels"], comparisons, TOLERANCE))


if __name__ == "__main__":
    main()
