"""Writes the figures of results.json into the model card, between its two marks, and the calibration plot: python
card.py"""
import json
import textwrap

import numpy as np

import conditions
import corpora
import network
import plot
import train
from streaming import everyday
from recipe import UNSURE

CARD = train.HERE.parent / "README.md"
PLOT = train.HERE.parent / "calibration.svg"
WIDTH = 142                     # of a line of the card
BEGIN, END = "<!-- figures: written by training/card.py -->\n", "<!-- end of figures -->"
NAMES = {"ravdess": "RAVDESS", "emodb": "EMO-DB", "nemo": "nEMO"}
# Aims for the UAR of speakers and corpora never heard: without and with a reference of three neutral clips.
AIMS = {"folds": {"ravdess": (0.86, 0.90), "emodb": (0.97, 0.98), "nemo": (0.80, 0.86)},
        "unseen_corpus": {"ravdess": (0.70, 0.80), "emodb": (0.90, 0.94), "nemo": (0.63, 0.76)}}
SETS = {"ami": "AMI, meetings (turns of one voice)", "librispeech": "LibriSpeech, reading",
        "picovoice_barista": "Picovoice, voice commands", "speechocean762": "speechocean762, reading by learners"}
STREAM_FIGURES = {"ordinary_shown_as_emotion": "ordinary time shown as an emotion", "ordinary_unsure": "ordinary time unsure",
                  "turns_found": "turns found", "delay_median_s": "median delay, s"}
FAMILIES = {"folds": ", speakers", "unseen_corpus": ", corpus unseen"}
REFERENCES = {"0": "none", "1": "1 neutral clip", "2": "2", "3": "3", "other": "3 of another speaker", "angry": "3 angry ones of the speaker"}
# Floors measured once on the same windows and the same number of folds: (eGeMAPS v02 functionals + RBF SVM, logistic
# regression on mean and deviation over time of the same Whisper block).
FLOORS = {"ravdess": (0.571, 0.846), "emodb": (0.747, 0.946), "nemo": (0.544, 0.754)}


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def uar(figures):
    low, high = figures["uar_interval"]
    return f"**{figures['uar']:.3f}** ({low:.3f} to {high:.3f})"


ORDERS = "each order, uncorrected"


def is_of_actors_alone(results, part):
    """Whether a part is still that of the recipe before ordinary speech."""
    return part in results.get("actors_alone", ())


def by_order(uars):
    return ", ".join(f"{u:.3f}" for u in uars)


def orders_said(results):
    """How many orders of the data are behind the networks of the tables."""
    if (count := results["recipe"]["orders"]) == 1:
        return ("The networks\nof these tables were trained with one order of the data; the shipped file is the mean of three, "
                "which gave 0.00 to 0.03 more\nwhere both were measured (decision 010).")
    return f"\n\"Each order\" gives the UAR of each of the {count} networks whose mean weights are measured."


def unseen_speakers(results):
    folds = results["folds"]
    out = ["### Speakers never heard\n",
           "There are six folds by speaker. Brackets give the 95 % interval of the UAR, from speakers drawn with replacement. "
           + orders_said(results) + "\n"]
    rows = []
    for corpus, name in NAMES.items():
        middle, stream = (folds[w][corpus] for w in ("middle_window", "stream_window"))
        spread = np.std([f["uar"] for f in middle["by_fold"].values()], ddof=1)
        rows.append([name, uar(middle), f"{AIMS['folds'][corpus][0]:.2f}", by_order(folds["uar_by_order"][corpus]),
                     f"{spread:.3f}", f"{middle['accuracy']:.3f}",
                     f"{stream['uar']:.3f}", f"{middle['calibration_error']:.3f}",
                     *(f"{f:.3f}" for f in FLOORS[corpus])])
    out.append(table(["corpus", "UAR", "aim", ORDERS, "deviation of folds", "accuracy", "UAR, stream window", "calibration error",
                      "floor: eGeMAPS + SVM", "floor: block 3 + regression"], rows))
    out.append("The floors (UAR) were measured beforehand on the middle window, also in six folds by speaker. Their folds may\n"
               "group the speakers differently.\n")
    numbers = sorted(folds["middle_window"]["ravdess"]["by_fold"])
    out += ["UAR by fold (middle window):\n", table(["corpus", *numbers], [
        [name, *(f"{folds['middle_window'][corpus]['by_fold'][k]['uar']:.3f}" for k in numbers)]
        for corpus, name in NAMES.items()])]
    out += ["Recall by class (middle window):\n", table(["corpus", *results["labels"]], [
        [name, *(f"{folds['middle_window'][corpus]['recall'][e]:.3f}" for e in results["labels"])]
        for corpus, name in NAMES.items()])]
    for corpus, name in NAMES.items():
        out.append(f"{name}, clips (middle window, all folds):\n")
        confusion = folds["middle_window"][corpus]["confusion"]
        out.append(table(["truth \\ answer", *results["labels"]],
                         [[label, *row] for label, row in zip(results["labels"], confusion)]))
    return out


def unseen_corpora(results):
    return [
        "### A corpus never heard\n",
        "Each network was trained on two corpora and measured on all speakers of the third (UAR, and recall by class). The third\n"
        "corpus has other voices, other rooms and another language.\n",
        table(["corpus left out", "UAR", "aim", ORDERS, "accuracy", "UAR, stream window", "calibration error", *results["labels"]], [
            [NAMES[c], uar(f["middle_window"]), f"{AIMS['unseen_corpus'][c][0]:.2f}", by_order(f["uar_by_order"]),
             f"{f['middle_window']['accuracy']:.3f}",
             f"{f['stream_window']['uar']:.3f}", f"{f['middle_window']['calibration_error']:.3f}",
             *(f"{f['middle_window']['recall'][e]:.3f}" for e in results["labels"])]
            for c in NAMES if (f := results["unseen_corpus"].get(c))]),
    ]


def known_voices(results):
    tables = results["enrolment"]
    out = ["### A voice whose normal is known\n",
           "The first three neutral clips of each speaker are the reference of his voice (`evaluate --enrol 3`). They are left out of all\n"
           "figures of this section, also of those without a reference, so these differ a little from the tables above. RAVDESS has four\n"
           "neutral clips a speaker: one is left.\n"]
    for family, title in (("folds", "speaker never heard"), ("unseen_corpus", "corpus never heard")):
        out.append(table([title, "UAR, nothing known", "aim", "calibration error", "UAR, three neutral clips known", "aim", "calibration error"], [
            [NAMES[c], *(cell for k, way in enumerate(("none", "offset")) for f in [by[way]]
                         for cell in (uar(f), f"{AIMS[family][c][k]:.2f}", f"{f['calibration_error']:.3f}"))]
            for c in NAMES if (by := tables[family].get(c))]))
    out += ["UAR by reference:\n", table(["reference", *(f"{n}{more}" for more in FAMILIES.values() for n in NAMES.values())], [
        [said, *(f"{tables['curve'][family][c][key]:.3f}" for family in FAMILIES for c in NAMES)]
        for key, said in REFERENCES.items()])]
    if seconds := tables.get("seconds"):
        out += ["UAR by the seconds of neutral speech that are known; the clips of the longest reference are left out throughout:\n",
                table(["seconds", *(f"{n}{more}" for family, more in FAMILIES.items() if family in seconds for n in NAMES.values())], [
                    [s, *(f"{v:.3f}" if (v := seconds[family][c].get(s)) is not None else "-"
                          for family in FAMILIES if family in seconds for c in NAMES)]
                    for s in seconds["folds"]["nemo"]])]
    if lay := tables.get("phones"):
        out += ["Lay speakers on their own phones (54 voices, one or two words a clip, three weak labels), whom no network heard; with each\n"
                "speaker's first three calm clips left out:\n",
                table(["", "UAR of three classes", *lay["none"]["recall"]], [
                    [said, f"{lay[way]['uar']:.3f}", *(f"{r:.3f}" for r in lay[way]["recall"].values())]
                    for way, said in (("none", "nothing known"), ("offset", "three calm clips known"))])]
    return out


def ordinary_speech(results):
    measured = results["enrolment"]["ordinary"]
    share = lambda f: f"{f['neutral'] + f['unsure']:.2f} ({f['neutral']:.2f})"
    rest = lambda f: ", ".join(f"{e} {f[e]:.2f}" for e in ("sad", "angry", "happy") if f[e] >= 0.005) or "-"
    return [
        "### Ordinary, unacted speech\n",
        "Share of pieces (the first 4 s left out) that read as neutral or unsure, and in brackets as neutral, at the threshold of 0.6. The\n"
        "networks heard no recording of the set that they were measured on. The aim is 0.80 with nothing known, 0.95 with the first 4 s\n"
        "known.\n",
        table(["set", "nothing known", "the rest reads as", "4 s known", "the rest reads as"], [
            [SETS[s], *(cell for way in ("none", "offset") for cell in (share(by[way]["pieces"]), rest(by[way]["pieces"])))]
            for s, by in measured.items()]),
    ]


def everyday_conditions(results):
    measured = results["enrolment"]["conditions"]
    kinds = list(next(iter(measured.values())))
    if len(kinds) < 2:
        return []
    return [
        "Recall of emotional clips (and of neutral ones) in the microphones and rooms of ordinary speech, at most 250 clips of a corpus,\n"
        "speakers never heard:\n",
        table(["corpus", *(k.removeprefix("in-") for k in kinds)], [
            [name, *(f"{measured[c][k]['emotional']:.3f} ({measured[c][k]['neutral']:.3f})" for k in kinds)]
            for c, name in NAMES.items()]),
    ]


def everyday_streams(results):
    out, rows = results["streams"], []
    shown = lambda value: "-" if value is None else f"{value:.2f}" if isinstance(value, float) else value
    names = NAMES | {"librispeech": "LibriSpeech, no emotion"}
    for corpus, name in names.items():
        for part in everyday.PARTS:
            if not all(part in by for by in out.get(corpus, {"": {}}).values()):
                continue
            none, auto = (out[corpus][b][part] for b in ("none", "auto"))
            rows.append([name, part, none["minutes"], *(shown(f[k]) for k in STREAM_FIGURES for f in (none, auto))])
    return [
        "### Everyday streams\n",
        "A stream is four fifths ordinary speech of one speaker, with turns of emotion between (`training/streaming/everyday.py`), read by the\n"
        "program with its defaults and the network of the fold that never heard the speaker. nEMO's streams last 4 minutes with their pauses,\n"
        "those of RAVDESS and EMO-DB as long as their clips allow (9 and 22 s of speech on average). LibriSpeech: ten voices, a minute each,\n"
        "no emotion. Each pair is without a baseline, and with `--baseline auto`. The aims were at most 0.15 of ordinary time shown as an emotion without, 0.05 with a baseline\n"
        "after a minute, and 0.75 of the turns found.\n",
        table(["streams", "part", "minutes of speech", *(f"{k}{b}" for k in STREAM_FIGURES.values() for b in ("", ", auto"))], rows),
    ]


def correction_said(correction, labels):
    numbers = lambda values: ", ".join(f"{label} {v:+.2f}" for label, v in zip(labels, values))
    said = (f"The logits are multiplied by {correction['scale']:.2f} and shifted ({numbers(correction['bias'])}) before the softmax; "
            "both are folded into the last layer. They are fitted on the speakers and corpora that a run held out, and on ordinary "
            "speech, a fifth of the weight, together with the offset of a known voice (doubt "
            f"{correction['doubt']:.2f}, usual {numbers(correction['usual'])}). What a figure is measured on is left out of its fit. "
            "Of the windows with a probability of 0.7, about 70 % should be right:")
    return textwrap.fill(said, WIDTH) + "\n"


def calibration(results):
    folds = results["folds"]
    PLOT.write_text(plot.reliability({NAMES[c]: folds["calibration"][c] for c in NAMES}))
    return [
        "### Calibration\n",
        correction_said(folds["correction"], results["labels"]),
        "![Share right against mean probability, by corpus](calibration.svg)\n",
        "The program says *unsure* where no emotion reaches a threshold. The table shows stream windows of speakers never heard,\n"
        f"with the corpora weighted equally. The default is {UNSURE}:\n",
        table(["threshold", "named", "of those wrong"], [
            [f"{p['threshold']:.2f}", f"{p['coverage']:.1%}", f"{p['risk']:.1%}"]
            for p in folds["risk_coverage"] if p["threshold"] == 0 or p["threshold"] >= 0.3]),
    ]


def robustness(results):
    measured = results["robustness"]
    count = ", ".join(f"{NAMES[c]} {measured[c]['clean']['clips']}" for c in NAMES)
    before = "**Measured with the weights before, which were trained on actors alone; not yet measured again.**\n"
    return [
        "### Noise, telephones and rooms\n",
        (before if is_of_actors_alone(results, "robustness") else "") +
        f"Each cell is the UAR of the middle window of speakers never heard, before scale and shift ({count} clips). Brackets\n"
        "give the change against the clean clips, and the share of clips that get another label (`training/robustness.py`). The\n"
        "noises are from ESC-10 and were not in the training. The room has 0.6 s of reverberation, as loud as the direct sound.\n",
        table(["condition", *NAMES.values()], [
            [name, *(f"{(f := measured[c][name])['uar']:.3f} ({f['change']:+.3f}, {f['labels_changed']:.1%})" for c in NAMES)]
            for name in conditions.CONDITIONS]),
        *everyday_conditions(results),
    ]


def ablation(results):
    measured, folds = results["ablation"], ", ".join(map(str, train.ABLATION_FOLDS))
    recipe = "the recipe before ordinary speech (actors alone)" if is_of_actors_alone(results, "ablation") else "the recipe"
    return [
        "### What each part gives\n",
        f"Each row is the UAR of the middle window on folds {folds}, with {recipe} and one order\n"
        "of the data. Block 3 is frozen in every row but the first, so compare the later rows with the second:\n",
        table(["network", *NAMES.values(), "mean"], [
            [network.PARTS[part], *(f"{measured[part][c]:.3f}" for c in NAMES),
             f"{np.mean([measured[part][c] for c in NAMES]):.3f}"]
            for part in network.PARTS if part in measured]),
        "[Decision 010](../docs/decisions/010-training.md) says what follows from it.\n",
    ]


def open_data(results):
    figures = results["open"]
    mine = figures["middle_window"][train.OPEN]
    return [
        "### Open data only: `emoscope-open.safetensors`\n",
        "`--weights open` selects the same network trained on EMO-DB alone (CC0), for uses that need weights without conditions."
        + ("\nIt has heard no ordinary speech.\n" if is_of_actors_alone(results, "open") else "\n"),
        table(["", "UAR", "calibration error"], [
            ["EMO-DB, speakers never heard (six folds)", uar(mine), f"{mine['calibration_error']:.3f}"],
            *([f"{NAMES[c]}, all of it never heard", uar(f["middle_window"]), f"{f['middle_window']['calibration_error']:.3f}"]
              for c, f in figures["unseen_corpus"].items()),
        ]),
    ]


def shipped(results):
    rows = []
    for name, f in results["files"].items():
        for kind, g in (("clips, middle window", f["middle_window"]), ("clips, stream window", f["stream_window"]),
                        ("`conversation.flac`, label at the centre", f["conversation"]["label_at_centre"]),
                        ("`conversation.flac`, label of most", f["conversation"]["label_of_most"])):
            rows.append([f"`{name}`", kind, g["clips"], f"{g['uar']:.3f}", f"{g['accuracy']:.3f}",
                         *(f"{g['recall'][e]:.3f}" for e in results["labels"])])
    speakers = ", ".join(s.rpartition("_")[2] for s in sorted(corpora.CONVERSATION_SPEAKERS))
    return [
        "### The shipped files on the speakers they never heard\n",
        f"Neither file was trained on the EMO-DB speakers {speakers}:\n",
        table(["file", "measured on", "windows", "UAR", "accuracy", *results["labels"]], rows),
        "In the conversation, windows of 3 s start every 0.5 s, without smoothing. \"Label at the centre\" counts windows with speech at\n"
        "their centre. \"Label of most\" counts windows with at least 1 s of speech, by the emotion of most of it. Windows across a change\n"
        "of turn are included. The columns by class are recalls.\n",
        table(["file", "trained on", "bytes", "sha256"], [
            [f"`{name}.safetensors`", f"{f['training_clips']:,} clips", f"{f['bytes']:,}", f"`{f['sha256']}`"]
            for name, f in results["files"].items()]),
    ]


def main():
    results = json.loads((train.HERE / "results.json").read_text())
    before, rest = CARD.read_text().split(BEGIN)
    after = rest.split(END)[1]
    parts = {"folds": (unseen_speakers,), "unseen_corpus": (unseen_corpora, calibration),
             "enrolment": (known_voices, ordinary_speech), "streams": (everyday_streams,), "robustness": (robustness,), "ablation": (ablation,),
             "open": (open_data,), "files": (shipped,)}
    text = []
    for part, writers in parts.items():
        for write in writers if results.get(part) else ():
            text += write(results)
    CARD.write_text(before + BEGIN + "\n".join(text) + END + after)


if __name__ == "__main__":
    main()
