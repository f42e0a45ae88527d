#!/usr/bin/env python3
"""Times emoscope and alternative runtimes on one 3 s window, with the same network and number of threads.

    scripts/peers [--rounds 7] [--windows 5] [--threads 1 2] [--network paper|shipped|both] [--json]

Every runtime computes the logits from the front ends' output (MFCC frames, and log-mel frames or the normalised wave);
the time of the front ends is not included on either side. A round consists, for each peer, of a turn of emoscope in the
peer's precision and a turn of the peer. A turn is some warm-up windows, then the timed ones. Before the rounds, the
logits of every runtime are compared with PyTorch's: they may differ by a thousandth of the logits' spread (greatest
minus least) in fp32, and by a quarter in int8. An int8 peer that differs by more is timed, but is never counted as the
best.

Ratios are emoscope's time over the peer's. The first ratio is of the least times, which other programs disturb least.
The second is the median, over the rounds, of the ratio of the two adjacent turns' median times, with the least and the
greatest round. The output is a Markdown table, or with --json all figures as JSON, one network a line.
"""
import argparse
import datetime
import json
import os
import statistics
import sys
import time
from pathlib import Path

import networks
import runtimes

TOLERANCE = {"fp32": 1 / 1000, "int8": 1 / 4}
PAUSE = 0.3         # seconds before a turn, in which the threads of the previous turn stop spinning


def say(text):
    print(text, file=sys.stderr, flush=True)


def check(runtime, logits, expected, may_differ):
    """Returns the difference from the expected logits, in spreads; exits if it is too large and must not be."""
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
                                                     may_differ=runtime in peers and runtime.precision == "int8")}
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
        say(f"  {threads} thread{'s' * (threads > 1)}: round {number + 1} of {rounds}")
    for figure in figures.values():
        figure["least"], figure["median"] = min(figure["times"]), statistics.median(figure["times"])
        figure["ratio"] = statistics.median(figure["ratios"]) if figure["ratios"] else None
    for peer in peers:
        figures[peer.name]["least_ratio"] = figures[ours[peer.precision].name]["least"] / figures[peer.name]["least"]
    for runtime in ours.values():
        figures[runtime.name]["whole_window"] = {"least": min(runtime.whole), "median": statistics.median(runtime.whole)}
    return figures


def compare(name, options):
    folder = options.folder / name
    folder.mkdir(parents=True, exist_ok=True)
    say(f"making {name} for each runtime")
    network = networks.NETWORKS[name](folder)
    peers = runtimes.peers(network, networks.to_onnx(network, folder))
    ours = {p: runtimes.Emoscope(options.emoscope, network, p) for p in ("fp32", "int8")}
    say(network.title)
    return {"network": network.title, "threads": {
        threads: measure(ours, peers, threads, options.rounds, options.windows) for threads in options.threads}}


def best(figures, precision):
    """Name of the peer with the least time among those whose logits are within the tolerance; None if none is."""
    peers = [n for n, f in figures.items() if f["precision"] == precision and f["ratio"] is not None
             and f["difference"] <= TOLERANCE[precision]]
    return min(peers, key=lambda n: figures[n]["least"], default=None)


def against_best(figures, precision):
    """The comparison with the best peer in words."""
    peer = best(figures, precision)
    whole = f"{figures[f'emoscope {precision}']['whole_window']['least']:.1f} ms with the front ends"
    if peer is None:
        return f"{precision}: no peer's logits are within {TOLERANCE[precision]:.2g} of their spread; {whole}"
    return f"{precision} {figures[peer]['least_ratio']:.2f} of the best peer ({peer}); {whole}"


def table(comparison):
    threads = comparison["threads"]
    columns = [f"{t} thread{'s' * (t > 1)}: least | median | ours / it, least | of the rounds" for t in threads]
    rows = [f"| {comparison['network']}, ms | off by, of the logits' spread | {' | '.join(columns)} |",
            "|---" + "|--:" * (1 + 4 * len(threads)) + "|"]
    names = list(next(iter(threads.values())))
    order = [n for p in ("fp32", "int8") for n in names if threads[min(threads)][n]["precision"] == p]
    for name in order:
        cells = [f"{max(figures[name]['difference'] for figures in threads.values()):.2g}"]
        for figures in threads.values():
            figure = figures[name]
            ratios = ["", ""] if figure["ratio"] is None else [
                f"{figure['least_ratio']:.2f}",
                f"{figure['ratio']:.2f} ({min(figure['ratios']):.2f}–{max(figure['ratios']):.2f})"]
            cells += [f"{figure['least']:.1f}", f"{figure['median']:.1f}", *ratios]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    rows.append("")
    for count, figures in threads.items():
        parts = [against_best(figures, precision) for precision in ("fp32", "int8")]
        rows.append(f"{count} thread{'s' * (count > 1)}: {'; '.join(parts)}.")
    return "\n".join(rows)


def processor():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    about = dict(reversed([[part.strip() for part in line.split(":", 1)] for line in lines if ":" in line]))
    return (f"{about.get('model name', 'unknown')} (family {about.get('cpu family', '?')} model {about.get('model', '?')}), "
            f"{os.cpu_count()} cores")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--windows", type=int, default=5, help="timed in a turn")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--network", choices=[*networks.NETWORKS, "both"], default="both")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--emoscope", default=str(networks.ROOT / ".build/release/emoscope"))
    parser.add_argument("--folder", type=Path, default=networks.ROOT / ".build/peers", help="for the networks' files")
    options = parser.parse_args()

    load = os.getloadavg()[0]
    if load > 0.5:
        say(f"other programs keep {load:.1f} cores busy: these times will say little")
    conditions = {"date": datetime.date.today().isoformat(), "processor": processor(), "load": load,
                  "rounds": options.rounds, "windows": options.windows}
    if not options.json:
        print("{date}, {processor}, load {load:.1f} at the start, {rounds} rounds of {windows} windows".format(**conditions))
    for name in networks.NETWORKS if options.network == "both" else [options.network]:
        comparison = compare(name, options)
        print(json.dumps(conditions | comparison) if options.json else "\n" + table(comparison), flush=True)


if __name__ == "__main__":
    main()
