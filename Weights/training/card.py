"""Writes the figures of results.json into the model card, between its two marks: python card.py"""
import json
from pathlib import Path

HERE = Path(__file__).resolve().parent
CARD = HERE.parent / "README.md"
BEGIN, END = "<!-- figures: written by training/card.py -->\n", "<!-- end of figures -->"
NAMES = {"ravdess": "RAVDESS", "emodb": "EMO-DB", "nemo": "nEMO"}
# Measured once, same windows and as many folds: (eGeMAPS v02 functionals + RBF SVM, logistic regression on
# mean and deviation over time of the same Whisper block).
FLOORS = {"ravdess": (0.571, 0.846), "emodb": (0.747, 0.946), "nemo": (0.544, 0.754)}


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def confusion(figures, labels):
    head = ["truth \\ answer", *labels]
    return table(head, [[label, *row] for label, row in zip(labels, figures["confusion"])])


def folds(results):
    out, windows = ["### Six folds by speaker\n"], results["folds"]
    numbers = sorted(windows["middle_window"]["ravdess"]["by_fold"])
    if len(numbers) < 6:
        out.append(f"So far only folds {', '.join(numbers)} have run.\n")
    rows = []
    for corpus, name in NAMES.items():
        middle, stream = (windows[w][corpus] for w in ("middle_window", "stream_window"))
        rows.append([
            name, f"**{middle['all_folds']['uar']:.3f}**",
            f"{middle['uar_mean_of_folds']:.3f} ± {middle['uar_spread_of_folds'] or 0:.3f}",
            f"{middle['all_folds']['accuracy']:.3f}", f"{stream['all_folds']['uar']:.3f}",
            f"{middle['all_folds']['calibration_error']:.3f}", *(f"{f:.3f}" for f in FLOORS[corpus]),
        ])
    out.append(table(["corpus", "UAR", "UAR, mean ± deviation of folds", "accuracy", "UAR, stream window",
                      "calibration error", "floor: eGeMAPS + SVM", "floor: block 3 + regression"], rows))
    out.append("The floors (UAR) were measured beforehand on the middle window, also in six folds by speaker; which\n"
               "speakers share a fold may differ.\n")
    out.append("UAR by fold (middle window):\n")
    out.append(table(["corpus", *numbers], [
        [name, *(f"{windows['middle_window'][corpus]['by_fold'][k]['uar']:.3f}" for k in numbers)]
        for corpus, name in NAMES.items()]))
    out.append("Recall by class (middle window):\n")
    out.append(table(["corpus", *results["labels"]], [
        [name, *(f"{windows['middle_window'][corpus]['all_folds']['recall'][e]:.3f}" for e in results["labels"])]
        for corpus, name in NAMES.items()]))
    for corpus, name in NAMES.items():
        out.append(f"{name}, clips (middle window, all folds):\n")
        out.append(confusion(windows["middle_window"][corpus]["all_folds"], results["labels"]))
    return out


def unseen_corpora(results):
    return [
        "### A corpus never heard: its voices, its rooms, its language\n",
        "Trained on the two other corpora, measured on all speakers of the third (UAR and recall by class):\n",
        table(["corpus left out", "UAR", "accuracy", "UAR, stream window", *results["labels"]], [
            [NAMES[c], f"**{f['middle_window']['uar']:.3f}**", f"{f['middle_window']['accuracy']:.3f}",
             f"{f['stream_window']['uar']:.3f}",
             *(f"{f['middle_window']['recall'][e]:.3f}" for e in results["labels"])]
            for c in NAMES if (f := results["unseen_corpus"].get(c))]),
    ]


def widths(measured):
    return [
        "### The width of the head\n",
        "Trained on the speakers of folds 1 to 4, measured (UAR) on those of fold 5; fold 0 took no part\n"
        "(`training/widths.py`):\n",
        table(["d", "parameters", *(f"{NAMES[c]}, {w}" for w in ("middle", "stream") for c in NAMES)], [
            [d, f"{f['parameters'] / 1e6:.2f} M",
             *(f"{f[w][c]:.3f}" for w in ("middle_window", "stream_window") for c in NAMES)]
            for d, f in measured.items()]),
    ]


def shipped(results):
    s = results["shipped"]
    centre, most = s["conversation"]["label_at_centre"], s["conversation"]["label_of_most"]
    return [
        "### The shipped file on the speakers it never saw\n",
        f"Trained on {s['training_clips']:,} clips; EMO-DB speakers 03, 08 and 14 were left out:\n",
        table(["", "windows", "UAR", "accuracy", *results["labels"]], [
            [name, f["clips"], f"{f['uar']:.3f}", f"{f['accuracy']:.3f}",
             *(f"{f['recall'][e]:.3f}" for e in results["labels"])]
            for name, f in (("clips, middle window", s["middle_window"]), ("clips, stream window", s["stream_window"]),
                            ("`conversation.flac`, label at the window's centre", centre),
                            ("`conversation.flac`, label of most of the window", most))]),
        "The conversation: 3 s every 0.5 s, no smoothing, windows whose centre somebody speaks in (or with 1 s of\n"
        "speech at least), those across a change of turn included. The columns by class are recalls.\n",
        f"`emoscope.safetensors` has sha256 `{s['sha256']}`.\n",
    ]


def main():
    results = json.loads((HERE / "results.json").read_text())
    before, rest = CARD.read_text().split(BEGIN)
    after = rest.split(END)[1]
    parts = folds(results) if "folds" in results else []
    parts += unseen_corpora(results) if "unseen_corpus" in results else []
    path = HERE / "widths.json"
    parts += widths(json.loads(path.read_text())) if path.exists() else []
    parts += shipped(results)
    CARD.write_text(before + BEGIN + "\n".join(parts) + END + after)


if __name__ == "__main__":
    main()
