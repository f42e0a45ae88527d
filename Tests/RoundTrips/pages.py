"""Opens reports in Chromium: nothing is loaded but the page and its sound, no error is reported, the pointer shows the
values, the sound follows, and the page fits on one sheet."""

import csv
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from browser import Browser
from exports import run

SIZES = [(1280, 800), (390, 844)]


def inside(browser, selector):
    """Whether an element does not reach beyond the window, so that the page does not scroll sideways."""
    return browser.value(f"document.querySelector('{selector}').scrollWidth <= window.innerWidth")


def check_values(browser):
    """The values under the pointer are those of the data at that time."""
    box = browser.value(
        "(() => { const box = document.querySelector('svg.chart').getBoundingClientRect();"
        " return [box.left, box.top, box.width, box.height]; })()")
    x, y = box[0] + min(box[2], 380) * 0.6, box[1] + box[3] / 2
    browser.move(x, y)
    browser.wait("document.querySelector('.readout').textContent !== ''")
    text = browser.value("document.querySelector('.readout').textContent")
    shown = re.match(r"(\d+):(\d\d\.\d) ", text)
    assert shown, text
    seconds = browser.value(
        f"views[0].timeOf({{clientX: {x}}})")
    assert abs(60 * int(shown[1]) + float(shown[2]) - seconds) <= 0.051, (text, seconds)
    labels = browser.value(
        f"data[0].lanes.map((lane) => pieceAt(lane.pieces, {seconds})).filter((piece) => piece).map((piece) => piece[2])")
    assert labels and all(label in text for label in labels), (text, labels)
    assert browser.value("Number(document.querySelector('.cursor').getAttribute('x1')) > 0")
    return x, y


def check_page(browser, path, lanes):
    for width, height in SIZES:
        for dark in (False, True):
            browser.open(path, width, height, dark)
            assert inside(browser, "html"), f"the page is wider than {width}"
            assert browser.value("document.querySelectorAll('svg.chart text.lane').length") == lanes
            ground = browser.value("getComputedStyle(document.body).backgroundColor")
            assert (ground == "rgb(255, 255, 255)") != dark, ground
            check_values(browser)
            kind = "dark" if dark else "light"
            browser.picture(path.with_suffix(f".{width}.{kind}.png"))


def check_sound(browser, path):
    """A click plays from there, and the line moves with the sound."""
    browser.open(path, 1280, 800)
    x, y = check_values(browser)
    browser.wait("document.querySelector('audio').readyState >= 1")
    browser.click(x, y)
    browser.wait("!document.querySelector('audio').paused && document.querySelector('audio').currentTime > 1")
    heard = browser.value("document.querySelector('audio').currentTime")
    assert abs(heard - browser.value(f"views[0].timeOf({{clientX: {x}}})")) < 3, heard
    browser.wait("Number(document.querySelector('.playhead').getAttribute('x1')) > 0")


def pages(path):
    """The number of sheets on which a page is printed."""
    answer = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"Pages:\s+(\d+)", answer)[1])


def check(emoscope, log):
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "Chromium is not installed"
    folder = log.parent
    run(emoscope, "report", log)
    page, both, whole = log.with_suffix(".html"), folder / "both.html", folder / "whole.html"
    run(emoscope, "report", log, folder / "made.csv", "-o", both)
    run(emoscope, "report", log, "--embed-sound", "-o", whole)
    run(emoscope, "report", log, "-o", folder / "talk.svg")
    with tempfile.TemporaryDirectory() as home:
        browser = Browser(program, home)
        try:
            lanes = browser_lanes(log)
            check_page(browser, page, lanes)
            check_page(browser, both, 2 * lanes)
            for sounding in (page, whole):
                check_sound(browser, sounding)
            for printed in (page, both):
                browser.open(printed, 1280, 800, dark=True)
                browser.paper(printed.with_suffix(".pdf"))
                assert pages(printed.with_suffix(".pdf")) == 1, f"{printed.name} needs more than a sheet"
            browser.open(folder / "talk.svg", 1280, 800)
            browser.picture(folder / "talk.svg.png")
            assert browser.value("document.querySelectorAll('text.lane').length") == lanes
        finally:
            browser.close()
    assert not browser.errors, browser.errors
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
