"""Compares the page of `emoscope replay --serve` in Chromium with the log of the session, and reads its metrics.

    check.py EMOSCOPE CHROMIUM FOLDER       the program, the browser, and a folder for logs and screenshots
"""

import csv
import html.parser
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zlib
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

ROOT = Path(__file__).resolve().parent.parent.parent.parent
CONVERSATION = str(ROOT / "Samples/conversation.flac")
TOKEN = "token-of-the-check-0123"
EMOTIONS = ["angry", "happy", "neutral", "sad"]

program, browser, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
failures = []


def expect(condition, what):
    print(("ok      " if condition else "FAILED  ") + what, flush=True)
    if not condition:
        failures.append(what)


class Session:
    """A replay of the conversation at its own pace, with a server on a free port."""

    def __init__(self, name, *flags):
        self.log = folder / f"{name}.csv"
        environment = {**os.environ, "EMOSCOPE_SERVE_TOKEN": TOKEN}
        command = [program, "replay", "--realtime", "-q", "--force", "-o", self.log, "--serve", "0", *flags, CONVERSATION]
        self.process = subprocess.Popen(
            command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        line = self.process.stderr.readline()
        self.address = re.search(r"http://127\.0\.0\.1:\d+/", line).group()
        assert TOKEN not in line, "a token that is given is not printed"

    def url(self, path="", more=""):
        return f"{self.address}{path}?token={TOKEN}{more}"

    def rows(self):
        with open(self.log, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def wait(self, count):
        while not self.log.exists() or len(self.rows()) < count:
            time.sleep(0.2)

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


def chromium(url, seconds, output, size="1280,800", wait=True):
    """Opens a page, and after some seconds prints its document or saves a picture of it."""
    command = [
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr",
        "--default-background-color=00000000", f"--user-data-dir={folder / 'profile'}", f"--window-size={size}",
        f"--timeout={seconds * 1000}", output, url]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return finish(run) if wait else run


def finish(run):
    document, messages = run.communicate(timeout=90)
    complaints = [line for line in messages.splitlines() if "CONSOLE" in line and "ERR_" not in line]
    expect(not complaints, f"the browser's console is silent {complaints}")
    return document


class Reading(html.parser.HTMLParser):
    """What a document of the page shows."""

    def __init__(self, document):
        super().__init__()
        self.seq, self.classes, self.state = None, "", ""
        self.lanes = []
        self.open = []
        self.inside = 0
        self.feed(re.sub(r"<template.*?</template>", "", document, flags=re.S))

    def handle_starttag(self, tag, given):
        attributes = dict(given)
        name = attributes.get("class", "") or ""
        if tag == "html":
            self.classes = name
        if tag == "body":
            self.seq = attributes.get("data-seq")
        if "data-lane" in attributes:
            self.lanes.append({"name": attributes["data-lane"], "label": "", "text": [], "paths": 0})
        if tag == "path" and attributes.get("d"):
            self.lanes[-1]["paths"] += 1
        if tag not in ("meta", "link", "path"):
            self.open.append(attributes.get("id") or name.split(" ")[0])

    def handle_endtag(self, tag):
        if tag not in ("meta", "link", "path"):
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] == "state":
            self.state = data
        if self.lanes and self.open:
            if self.open[-1] == "label":
                self.lanes[-1]["label"] = data
            elif data.strip().endswith("%"):
                self.lanes[-1]["text"].append(int(data.strip()[:-2]))


def label(row):
    words = {"silence": "no speech", "overlap": "two at once"}
    return row["smoothed_label"] if row["status"] == "ok" else words.get(row["status"], "no reading")


def compare(session, document, what):
    """Expects the document to show the very row whose number it names."""
    page = Reading(document)
    row = next((row for row in session.rows() if row["seq"] == page.seq), None)
    expect(row is not None, f"{what}: shows a row of the log, number {page.seq}")
    if row is None:
        return page
    shown = [lane for lane in page.lanes if lane["name"] == row["speaker"] or not row["speaker"]]
    expect([lane["label"] for lane in shown] == [label(row)] * len(shown) and shown, f"{what}: says {label(row)!r}")
    percent = [float(row[f"s_{name}"]) * 100 for name in EMOTIONS] if row["status"] == "ok" else []
    bars = shown[0]["text"] if shown else []
    near = len(bars) == len(percent) and all(abs(bar - value) <= 0.51 for bar, value in zip(bars, percent))
    expect(near, f"{what}: bars {bars}")
    expect(page.state == "live", f"{what}: is live")
    return page


def first_pixel(path):
    """The red, green, blue and alpha of the pixel at the top left."""
    data, place, packed = path.read_bytes(), 8, b""
    while place < len(data):
        length = int.from_bytes(data[place:place + 4], "big")
        if data[place + 4:place + 8] == b"IHDR":
            assert data[place + 17] == 6, "a picture with transparency"
        if data[place + 4:place + 8] == b"IDAT":
            packed += data[place + 8:place + 8 + length]
        place += length + 12
    return list(zlib.decompress(packed)[1:5])


def check_page():
    session = Session("page")
    session.wait(30)
    page = compare(session, chromium(session.url(), 3, "--dump-dom"), "page")
    expect(page.lanes[0]["paths"] == 4, "page: four curves")
    for name, size, more in [("page", "1280,800", ""), ("obs", "400,200", "&obs=1")]:
        picture = folder / f"{name}.png"
        chromium(session.url(more=more), 3, f"--screenshot={picture}", size)
        alpha = first_pixel(picture)[3]
        expect(alpha == (0 if more else 255), f"{name}: alpha {alpha} at the corner")
    refused = chromium(f"{session.address}?token=wrong", 2, "--dump-dom")
    expect("token is missing or wrong" in refused and "lane" not in refused, "a wrong token shows no page")
    check_metrics(session)
    expect(session.end() == 0, "the session ends in order")


def check_metrics(session):
    try:
        urllib.request.urlopen(f"{session.address}metrics")
        expect(False, "metrics need the token")
    except urllib.error.HTTPError as error:
        expect(error.code == 401, "metrics need the token")
    before = len(session.rows())
    text = urllib.request.urlopen(session.url("metrics")).read().decode()
    after = len(session.rows())
    families = {family.name: family for family in text_string_to_metric_families(text)}
    windows = sum(sample.value for sample in families["emoscope_windows"].samples)
    expect(before <= windows <= after + 1, f"metrics: {windows:.0f} windows, {before} to {after} rows in the log")
    types = {name: families[name].type for name in ["emoscope_windows", "emoscope_inference_seconds", "emoscope_level_dbfs"]}
    expect(list(types.values()) == ["counter", "histogram", "gauge"], f"metrics: {types}")
    expect(all(family.documentation for family in families.values()), "metrics: each has its help")
    buckets = [s.value for s in families["emoscope_inference_seconds"].samples if s.name.endswith("_bucket")]
    count = next(s.value for s in families["emoscope_inference_seconds"].samples if s.name.endswith("_count"))
    expect(buckets == sorted(buckets) and buckets[-1] == count, "metrics: the buckets add up")


def check_speakers():
    session = Session("speakers", "--speakers", "2")
    session.wait(60)
    page = compare(session, chromium(session.url(), 3, "--dump-dom"), "speakers")
    expect({lane["name"] for lane in page.lanes} <= {"A", "B"} and page.lanes, f"speakers: {[l['name'] for l in page.lanes]}")
    chromium(session.url(), 3, f"--screenshot={folder / 'speakers.png'}")
    chromium(session.url(more="&obs=1"), 3, f"--screenshot={folder / 'speakers-obs.png'}", "400,200")
    expect(session.end() == 0, "speakers: the session ends in order")


def check_end():
    for number, word, state in [(signal.SIGINT, "ended", "ended"), (signal.SIGKILL, "no connection", "no connection")]:
        session = Session("end")
        session.wait(2)
        run = chromium(session.url(), 8, "--dump-dom", wait=False)
        time.sleep(5)
        session.end(number)
        page = Reading(finish(run))
        expect((page.lanes[0]["label"], page.state) == (word, state), f"after {number.name}: {page.state!r}")
        expect(not page.lanes[0]["text"], f"after {number.name}: no percentages")


folder.mkdir(parents=True, exist_ok=True)
folder = folder.resolve()
check_page()
check_speakers()
check_end()
if failures:
    sys.exit(f"{len(failures)} of the checks failed")
