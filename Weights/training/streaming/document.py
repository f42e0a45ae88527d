"""The figures of the sweep as Markdown: a table for each setting, with the other settings as chosen."""
from dataclasses import replace

BEGIN, END = "<!-- figures: written by Weights/training/streaming/run -->", "<!-- end of figures -->"
COLUMNS = (
    ("true", "display true", "%"),
    ("right", "right", "%"),
    ("wrong", "wrong", "%"),
    ("unsure", "unsure", "%"),
    ("nothing", "nothing", "%"),
    ("delay_median_s", "delay, median s", ""),
    ("delay_p90_s", "p90 s", ""),
    ("never_shown", "never shown", "%"),
    ("false_changes_per_minute", "false changes a minute", ""),
    ("nonspeech_shown", "non-speech shown", "%"),
    ("nonspeech_late_shown", "of it late", "%"),
    ("noise_late_shown", "noise, late", "%"),
)
TITLES = {
    "hop": "`--hop`", "smooth": "`--smooth`", "vad_threshold": "`--vad-threshold`", "min_speech": "`--min-speech`",
    "min_recent_speech": "`--min-recent-speech`", "unsure": "`--unsure`", "silence": "`--silence`",
}


def cell(value, unit):
    if value is None:
        return "–"
    return f"{100 * value:.1f} %" if unit else f"{value:.2f}"


def table(first, rows):
    """A Markdown table of `rows`, (name, figures), with `first` as the heading of the names."""
    lines = [f"| {first} | " + " | ".join(title for _, title, _ in COLUMNS) + " |",
             "|---|" + "---|" * len(COLUMNS)]
    for name, figures in rows:
        lines.append(f"| {name} | " + " | ".join(cell(figures[key], unit) for key, _, unit in COLUMNS) + " |")
    return "\n".join(lines)


def tables(chosen, results, output, grid):
    """The whole text: the program's figures with the chosen settings, then a table for each setting varied alone."""
    whole = output["chosen_by_the_program"]
    parts = [
        f"Weights `{output['weights_sha256'][:12]}`, {len(output['conversations'])} conversations, "
        f"{whole['speech_s']:.0f} s of speech and {whole['nonspeech_s']:.0f} s without "
        f"({whole['nonspeech_late_s']:.0f} s of it late, of that {whole['noise_late_s']:.0f} s noise), "
        f"{whole['changes']} changes of emotion. The sweep's rule picks **"
        + ", ".join(f"{TITLES[name]} {value}" for name, value in output["chosen"].items())
        + "**:",
        table("conversation", [*output["chosen_by_conversation"].items(), ("**all**", whole)]),
    ]
    for name, values in grid.items():
        if len(values) > 1:
            rows = []
            for value in values:
                settings = replace(chosen, **{name: value})
                mark = "**" if settings == chosen else ""
                rows.append((f"{mark}{value}{mark}", results[settings]))
            parts += [f"{TITLES[name]}, the others as chosen:", table(TITLES[name], rows)]
    return "\n\n".join(parts)


def put(path, text):
    """Replaces the text between the marks in the file at `path`."""
    before, mark, rest = path.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (mark and end):
        raise SystemExit(f"{path} lacks the marks {BEGIN} and {END}")
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")
