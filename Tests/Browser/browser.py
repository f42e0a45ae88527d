"""Chromium without a window, driven over pipes by the DevTools protocol; nothing but the standard library."""

import base64
import json
import os
import subprocess
import time


class Browser:
    """A Chromium of its own. `complaints` has what its pages report: pairs of a source, such as "network" or "exception",
    and a text. `requests` has the addresses that they ask for."""

    def __init__(self, program, folder):
        to_read, self.write_end = os.pipe()
        self.read_end, to_write = os.pipe()
        # The protocol is spoken on descriptors 3 and 4.
        held = [os.dup(to_read), os.dup(to_write)]
        for descriptor in held:
            os.set_inheritable(descriptor, True)
        command = [
            "/bin/sh", "-c", 'exec "$@" 3<&%d 4>&%d' % tuple(held), "sh", program, "--headless=new", "--no-sandbox",
            "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars", "--remote-debugging-pipe",
            "--mute-audio", "--autoplay-policy=no-user-gesture-required", f"--user-data-dir={folder}"]
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "chromium.txt"), "wb") as output:
            self.process = subprocess.Popen(command, pass_fds=held, stdout=output, stderr=output)
        for descriptor in [*held, to_read, to_write]:
            os.close(descriptor)
        self.buffer, self.count, self.complaints, self.requests = b"", 0, [], []
        self.loaded = set()

    def receive(self):
        while b"\0" not in self.buffer:
            data = os.read(self.read_end, 1 << 20)
            if not data:
                raise RuntimeError("the browser ended")
            self.buffer += data
        message, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(message)
        method, values = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            details = values["exceptionDetails"]
            self.complaints.append(("exception", details.get("exception", {}).get("description", details["text"])))
        elif method == "Log.entryAdded":
            self.complaints.append((values["entry"]["source"], values["entry"]["text"]))
        elif method == "Runtime.consoleAPICalled":
            self.complaints.append(("console", str(values["args"])))
        elif method == "Network.requestWillBeSent":
            self.requests.append(values["request"]["url"])
        elif method == "Page.loadEventFired":
            self.loaded.add(message["sessionId"])
        return message

    def call(self, method, session=None, **values):
        self.count += 1
        message = {"id": self.count, "method": method, "params": values}
        if session:
            message["sessionId"] = session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.count:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def close(self):
        self.call("Browser.close")
        self.process.wait(30)


class Page:
    """A page of a browser."""

    def __init__(self, browser):
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def call(self, method, **values):
        return self.browser.call(method, self.session, **values)

    def open(self, url, width=1280, height=800, dark=False):
        """Opens an address, and waits until it is loaded."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.browser.loaded.discard(self.session)
        self.call("Page.navigate", url=url)
        while self.session not in self.browser.loaded:
            self.browser.receive()

    def value(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def move(self, x, y):
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def click(self, x, y):
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def wait(self, expression, seconds=10):
        """Waits until an expression is true."""
        end = time.monotonic() + seconds
        while not self.value(expression):
            if time.monotonic() > end:
                raise AssertionError(f"waited in vain for {expression}")
            time.sleep(0.05)

    def picture(self, path, whole=True):
        self.write(path, self.call("Page.captureScreenshot", captureBeyondViewport=whole))

    def paper(self, path):
        self.write(path, self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True))

    @staticmethod
    def write(path, answer):
        with open(path, "wb") as file:
            file.write(base64.b64decode(answer["data"]))
