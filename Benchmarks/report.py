"""The figures of peers.py in words: Markdown tables, and the sections of docs/performance.md, one a processor."""
import datetime
import os
import re
from pathlib import Path

# Settings that choose kernels, ours or a peer's.
SETTINGS = ("EMOSCOPE_KERNELS", "ONEDNN_MAX_CPU_ISA", "ATEN_CPU_CAPABILITY", "MKL_ENABLE_INSTRUCTIONS")
BEGIN, END = "<!-- make peers writes from here -->", "<!-- to here -->"


def processor():
    """Name, family and model."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    about = dict(reversed([[part.strip() for part in line.split(":", 1)] for line in lines if ":" in line]))
    return f"{about.get('model name', 'unknown')} (family {about.get('cpu family', '?')} model {about.get('model', '?')})"


def caches():
    """Sizes of the data caches of the first core, as the kernel says them."""
    sizes = []
    for index in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        if (index / "type").read_text().strip() != "Instruction":
            sizes.append(f"L{(index / 'level').read_text().strip()} {(index / 'size').read_text().strip()}")
    return ", ".join(sizes) or "unknown"


def conditions(rounds, windows):
    return {"date": datetime.date.today().isoformat(), "processor": processor(), "cores": os.cpu_count(),
            "caches": caches(), "load": os.getloadavg()[0], "rounds": rounds, "windows": windows,
            "settings": {name: os.environ[name] for name in SETTINGS if name in os.environ}}


def in_words(about):
    text = (f"{about['date']}, {about['cores']} cores, caches {about['caches']}. {about['rounds']} rounds of "
            f"{about['windows']} windows for each peer and for ours beside it; {about['load']:.1f} programs wanted a core "
            "as they began, so the least time is the figure to compare, and the median says what a busy machine makes of it.")
    if about["settings"]:
        text += " Set: " + ", ".join(f"`{name}={value}`" for name, value in about["settings"].items()) + "."
    return text


def plural(threads):
    return f"{threads} thread{'s' * (threads > 1)}"


def best(figures, precision, tolerance):
    """Name of the peer with the least time among those whose logits are within the tolerance; None if none is."""
    peers = [n for n, f in figures.items() if f["precision"] == precision and f["ratio"] is not None
             and f["difference"] <= tolerance[precision]]
    return min(peers, key=lambda n: figures[n]["least"], default=None)


def against_best(figures, precision, tolerance):
    """The comparison with the best peer, and with the limit, in words."""
    peer = best(figures, precision, tolerance)
    ours = figures[f"emoscope {precision}"]
    rest = (f"{ours['share']:.2f} of the rate that `bench` measures, which would take {ours['limit']:.1f} ms; "
            f"{ours['whole_window']['least']:.1f} ms with the front ends")
    if peer is None:
        return f"{precision}: no peer's logits are within {tolerance[precision]:.2g} of their spread; {rest}"
    return f"{precision} {figures[peer]['least_ratio']:.2f} of the best peer ({peer}); {rest}"


def table(comparison, tolerance):
    """One network: a row for each runtime, then a sentence for each number of threads."""
    threads = comparison["threads"]
    columns = [f"{plural(t)}: least | median | ours / it, least | of the rounds" for t in threads]
    rows = [f"| {comparison['network']}, ms | logits off by | {' | '.join(columns)} |",
            "|---" + "|--:" * (1 + 4 * len(threads)) + "|"]
    names = list(next(iter(threads.values())))
    order = [n for p in ("fp32", "int8") for n in names if threads[min(threads)][n]["precision"] == p]
    for name in order:
        precision = threads[min(threads)][name]["precision"]
        difference = max(figures[name]["difference"] for figures in threads.values())
        cells = [f"{difference:.2g}" + (", too far: no target" if difference > tolerance[precision] else "")]
        for figures in threads.values():
            figure = figures[name]
            ratios = ["", ""] if figure["ratio"] is None else [
                f"{figure['least_ratio']:.2f}",
                f"{figure['ratio']:.2f} ({min(figure['ratios']):.2f}–{max(figure['ratios']):.2f})"]
            cells += [f"{figure['least']:.1f}", f"{figure['median']:.1f}", *ratios]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    rows.append("")
    rows += [f"- {plural(count)}, {against_best(figures, precision, tolerance)}."
             for count, figures in threads.items() for precision in ("fp32", "int8")]
    return "\n".join(rows)


def section(about, kernels, comparisons, tolerance):
    """What the document says about one processor with one kind of kernels: (heading, text)."""
    heading = f"### {about['processor']}, {kernels} kernels"
    return heading, "\n\n".join([heading, in_words(about), *(table(c, tolerance) for c in comparisons)])


def write(document, heading, text):
    """Puts a section into the document, in place of the one with the same heading or after the others."""
    before, begin, rest = document.read_text().partition(BEGIN)
    written, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{document} has no place for the tables: the lines {BEGIN} and {END} are missing")
    sections = [s.strip() for s in re.split(r"(?m)^(?=### )", written) if s.strip()]
    places = [index for index, s in enumerate(sections) if s.splitlines()[0] == heading]
    sections[places[0] if places else len(sections):(places[0] + 1) if places else len(sections)] = [text]
    document.write_text(before + begin + "\n\n" + "\n\n".join(sections) + "\n\n" + end + after)
