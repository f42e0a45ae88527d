"""Compares the page of `emoscope replay --serve` in Chromium with the log of the session, and reads its metrics.

    check.py EMOSCOPE CHROMIUM FOLDER       the program, the browser, and a folder for logs and screenshots
"""

import atexit
import csv
import json
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
sys.path.insert(0, str(ROOT / "Tests/Browser"))

from browser import Browser, Page

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
        atexit.register(self.process.kill)
        line = self.process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert found, f"no address is printed, but: {line}"
        self.address = found.group()
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


class Tab(Page):
    """The page of a session, with a ground that one sees through."""

    READING = """JSON.stringify({
        seq: document.body.dataset.seq ?? null, state: document.getElementById("state")?.textContent,
        lanes: [...document.querySelectorAll(".lane")].map((lane) => ({
            name: lane.dataset.lane, label: lane.querySelector(".label").textContent,
            percent: [...lane.querySelectorAll(".bars span:nth-child(3n)")].map((node) => node.textContent)
                .filter((text) => text).map(parseFloat),
            curves: [...lane.querySelectorAll("path")].filter((path) => path.getAttribute("d")).length}))})"""

    def __init__(self, browser, url, width=1280, height=800):
        super().__init__(browser)
        self.call("Emulation.setDefaultBackgroundColorOverride", color={"r": 0, "g": 0, "b": 0, "a": 0})
        self.open(url, width, height)

    def read(self, condition=lambda reading: reading["seq"] is not None, seconds=30):
        """What the page shows once the condition holds."""
        end = time.time() + seconds
        while True:
            text = self.value(self.READING)
            reading = json.loads(text) if text else None
            if reading and condition(reading) or time.time() > end:
                return reading or {"seq": None, "state": "", "lanes": []}
            time.sleep(0.2)


def label(row):
    words = {"silence": "no speech", "overlap": "two at once"}
    return row["smoothed_label"] if row["status"] == "ok" else words.get(row["status"], "no reading")


def compare(session, page, what):
    """Expects the page to show the very row whose number it names."""
    time.sleep(0.5)
    row = next((row for row in session.rows() if row["seq"] == page["seq"]), None)
    expect(row is not None, f"{what}: shows a row of the log, number {page['seq']}")
    if row is None:
        return
    shown = [lane for lane in page["lanes"] if lane["name"] == row["speaker"] or not row["speaker"]]
    expect(shown and all(lane["label"] == label(row) for lane in shown), f"{what}: says {label(row)!r}")
    percent = [float(row[f"s_{name}"]) * 100 for name in EMOTIONS] if row["status"] == "ok" else []
    bars = shown[0]["percent"] if shown else []
    near = len(bars) == len(percent) and all(abs(bar - value) <= 0.51 for bar, value in zip(bars, percent))
    expect(near, f"{what}: bars {bars}")
    expect(page["state"] == "live", f"{what}: is live")


def first_pixel(path):
    """The red, green, blue and alpha of the pixel at the top left; a picture without transparency has alpha 255."""
    data, place, packed, channels = path.read_bytes(), 8, b"", 4
    while place < len(data):
        length = int.from_bytes(data[place:place + 4], "big")
        if data[place + 4:place + 8] == b"IHDR":
            channels = {2: 3, 6: 4}[data[place + 17]]
        if data[place + 4:place + 8] == b"IDAT":
            packed += data[place + 8:place + 8 + length]
        place += length + 12
    return (list(zlib.decompress(packed)[1:1 + channels]) + [255])[:4]


def check_page(chromium):
    session = Session("page")
    session.wait(30)
    tab = Tab(chromium, session.url())
    for _ in range(5):
        page = tab.read()
        compare(session, page, "page")
        time.sleep(2)
    expect(page["lanes"][0]["curves"] == 4, "page: four curves")
    small = Tab(chromium, session.url(more="&obs=1"), 400, 200)
    compare(session, small.read(), "obs")
    for name, page, alpha in [("page", tab, 255), ("obs", small, 0)]:
        page.picture(folder / f"{name}.png")
        expect(first_pixel(folder / f"{name}.png")[3] == alpha, f"{name}: alpha {alpha} at the corner")
    refused = Tab(chromium, f"{session.address}?token=wrong")
    time.sleep(1)
    expect("token is missing or wrong" in refused.value("document.body.innerText"), "a wrong token shows no page")
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


def check_speakers(chromium):
    session = Session("speakers", "--speakers", "2")
    session.wait(50)
    tab, small = Tab(chromium, session.url()), Tab(chromium, session.url(more="&obs=1"), 400, 200)
    page = tab.read()
    compare(session, page, "speakers")
    names = [lane["name"] for lane in page["lanes"]]
    expect(names == ["A", "B"], f"speakers: the lanes {names}")
    small.read()
    tab.picture(folder / "speakers.png")
    small.picture(folder / "speakers-obs.png")
    expect(session.end() == 0, "speakers: the session ends in order")


def check_end(chromium):
    for number, word in [(signal.SIGINT, "ended"), (signal.SIGKILL, "no connection")]:
        session = Session("end")
        tab = Tab(chromium, session.url())
        tab.read()
        session.end(number)
        page = tab.read(lambda reading: reading["state"] == word)
        expect(page["state"] == word and page["lanes"][0]["label"] == word, f"after {number.name}: {page['state']!r}")
        expect(not page["lanes"][0]["percent"], f"after {number.name}: no percentages")
        tab.picture(folder / f"{number.name}.png")


folder.mkdir(parents=True, exist_ok=True)
folder = folder.resolve()
chromium = Browser(browser, folder / "profile")
try:
    check_page(chromium)
    check_speakers(chromium)
    check_end(chromium)
    # A refusal and a session that is gone are complaints about the network.
    complaints = [text for source, text in chromium.complaints if source != "network"]
    expect(not complaints, f"the browser has no complaints {complaints}")
finally:
    chromium.close()
if failures:
    sys.exit(f"{len(failures)} of the checks failed")
