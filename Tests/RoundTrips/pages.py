"""Opens reports in Chromium: nothing is loaded but the page and its sound, no error is reported, the pointer shows the
values, the sound follows, and the page fits on one sheet."""

import csv
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from browser import Browser, Page
from exports import run

SIZES = [(1280, 800), (390, 844)]


def inside(page, selector):
    """Whether an element does not reach beyond the window, so that the page does not scroll sideways."""
    return page.value(f"document.querySelector('{selector}').scrollWidth <= window.innerWidth")


def check_values(page):
    """The values under the pointer are those of the data at that time."""
    box = page.value(
        "(() => { const box = document.querySelector('svg.chart').getBoundingClientRect();"
        " return [box.left, box.top, box.width, box.height]; })()")
    x, y = box[0] + min(box[2], 380) * 0.6, box[1] + box[3] / 2
    page.move(x, y)
    page.wait("document.querySelector('.readout').textContent !== ''")
    text = page.value("document.querySelector('.readout').textContent")
    shown = re.match(r"(\d+):(\d\d\.\d) ", text)
    assert shown, text
    seconds = page.value(
        f"views[0].timeOf({{clientX: {x}}})")
    assert abs(60 * int(shown[1]) + float(shown[2]) - seconds) <= 0.051, (text, seconds)
    labels = page.value(
        f"data[0].lanes.map((lane) => pieceAt(lane.pieces, {seconds})).filter((piece) => piece).map((piece) => piece[2])")
    assert labels and all(label in text for label in labels), (text, labels)
    assert page.value("Number(document.querySelector('.cursor').getAttribute('x1')) > 0")
    return x, y


def check_page(page, path, lanes):
    for width, height in SIZES:
        for dark in (False, True):
            page.open(path.resolve().as_uri(), width, height, dark)
            assert inside(page, "html"), f"the page is wider than {width}"
            assert page.value("document.querySelectorAll('svg.chart text.lane').length") == lanes
            ground = page.value("getComputedStyle(document.body).backgroundColor")
            assert (ground == "rgb(255, 255, 255)") != dark, ground
            check_values(page)
            kind = "dark" if dark else "light"
            page.picture(path.with_suffix(f".{width}.{kind}.png"))


def check_sound(page, path):
    """A click plays from there, and the line moves with the sound."""
    page.open(path.resolve().as_uri())
    x, y = check_values(page)
    page.wait("document.querySelector('audio').readyState >= 1")
    page.click(x, y)
    page.wait("!document.querySelector('audio').paused && document.querySelector('audio').currentTime > 1")
    heard = page.value("document.querySelector('audio').currentTime")
    assert abs(heard - page.value(f"views[0].timeOf({{clientX: {x}}})")) < 3, heard
    page.wait("Number(document.querySelector('.playhead').getAttribute('x1')) > 0")


def pages(path):
    """The number of sheets on which a page is printed."""
    answer = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"Pages:\s+(\d+)", answer)[1])


def check(emoscope, log):
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "Chromium is not installed"
    folder = log.parent
    run(emoscope, "report", log)
    one, both, whole = log.with_suffix(".html"), folder / "both.html", folder / "whole.html"
    run(emoscope, "report", log, folder / "made.csv", "-o", both)
    run(emoscope, "report", log, "--embed-sound", "-o", whole)
    run(emoscope, "report", log, "-o", folder / "talk.svg")
    with tempfile.TemporaryDirectory() as home:
        browser = Browser(program, home)
        try:
            page = Page(browser)
            lanes = browser_lanes(log)
            check_page(page, one, lanes)
            check_page(page, both, 2 * lanes)
            for sounding in (one, whole):
                check_sound(page, sounding)
            for printed in (one, both):
                page.open(printed.resolve().as_uri(), dark=True)
                page.paper(printed.with_suffix(".pdf"))
                assert pages(printed.with_suffix(".pdf")) == 1, f"{printed.name} needs more than a sheet"
            page.open((folder / "talk.svg").resolve().as_uri())
            page.picture(folder / "talk.svg.png")
            assert page.value("document.querySelectorAll('text.lane').length") == lanes
        finally:
            browser.close()
    assert not browser.complaints, browser.complaints
    # The icons of the player are pictures of the browser's own.
    own = ("data:audio/", "data:image/svg+xml;base64,")
    other = [url for url in browser.requests if not url.startswith(own)]
    assert all(url.startswith("file:///") and url.endswith((".html", ".svg", ".wav")) for url in other), other
    print("report: the pages load without errors or network, show values, play, and fit on a sheet")


def browser_lanes(log):
    """The voices of the log: its speakers, and speech of nobody who has a name."""
    rows = list(csv.DictReader(log.open(newline="")))
    named = {row["speaker"] for row in rows if row["speaker"]}
    unnamed = any(row["status"] in ("ok", "overlap") and not row["speaker"] for row in rows)
    return len(named) + unnamed
