"""Drives headless Chromium over its debugging pipe: loads pages, searches, filters, takes pictures."""

import base64
import json
import os
import subprocess
import sys
import tempfile


class Browser:
    """Chromium with the DevTools protocol on file descriptors 3 and 4."""

    def __init__(self):
        to_read, self.write_end = os.pipe()
        self.read_end, to_write = os.pipe()
        profile = tempfile.mkdtemp()

        def wire():
            # The two ends go to 3 and 4, by way of numbers that are neither.
            first, second = os.dup(to_read), os.dup(to_write)
            while first in (3, 4):
                first = os.dup(first)
            while second in (3, 4):
                second = os.dup(second)
            os.dup2(first, 3)
            os.dup2(second, 4)

        self.process = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-pipe",
             f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=wire, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.buffer = b""
        self.number = 0
        self.errors = []
        self.loaded = False
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = None
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(domain + ".enable")

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if getattr(self, "session", None):
            message["sessionId"] = self.session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == message["id"]:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def receive(self):
        while b"\0" not in self.buffer:
            block = os.read(self.read_end, 1 << 20)
            if not block:
                raise RuntimeError("Chromium is gone")
            self.buffer += block
        text, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(text)
        method = message.get("method")
        if method == "Page.loadEventFired":
            self.loaded = True
        elif method == "Runtime.exceptionThrown":
            self.errors.append(json.dumps(message["params"])[:400])
        elif method == "Runtime.consoleAPICalled" and message["params"]["type"] in ("error", "warning"):
            self.errors.append(json.dumps(message["params"])[:400])
        elif method == "Log.entryAdded" and message["params"]["entry"]["level"] == "error":
            self.errors.append(message["params"]["entry"]["text"])
        return message

    def load(self, path, width=1440, height=900, mobile=False, dark=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=mobile)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.loaded = False
        self.call("Page.navigate", url="file://" + path)
        while not self.loaded:
            self.receive()

    def value(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def picture(self, path, full=True):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=full)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def paper(self, path):
        data = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def close(self):
        self.process.kill()
        self.process.wait()


PAUSE = "new Promise(done => setTimeout(done, 400))"
SHOWN = "document.querySelectorAll('[data-item]:not([hidden])').length"


def expect(condition, what):
    if not condition:
        sys.exit(f"look: {what}")


def search(browser, text):
    browser.value(
        f"(function () {{ var box = document.getElementById('search'); box.value = {json.dumps(text)};"
        " box.dispatchEvent(new Event('input', {bubbles: true})); })()")
    browser.value(PAUSE)
    return browser.value(SHOWN)


def choose(browser, name, value):
    browser.value(
        f"(function () {{ var list = document.querySelector('select[data-filter={name}]');"
        f" list.value = {json.dumps(value)}; list.dispatchEvent(new Event('change')); }})()")
    return browser.value(SHOWN)


def main():
    work, pictures = sys.argv[1:3]
    browser = Browser()
    checks = 0
    for language in ("zh", "en"):
        folder = f"{work}/reports-{language}"
        report = json.load(open(f"{folder}/2026-11-02/report.json"))
        day = f"{folder}/2026-11-02/report.html"
        browser.load(day)
        total = len(report["anomalies"]) + len(report["pending"]) + len(report["weakMatches"]) \
            + len(report["rejections"])
        expect(browser.value(SHOWN) == total, f"{language}: {total} items expected")
        for anomaly in report["anomalies"]:
            serial = anomaly["channelSerial"] or anomaly["ledgerSerial"]
            if not serial:
                continue
            found = search(browser, serial)
            expect(1 <= found < total, f"{language}: searching {serial} shows {found} of {total}")
            checks += 1
            if checks % 10 == 0:
                break
        expect(search(browser, "no such serial 999") == 0, "a serial that is not there is found")
        expect(search(browser, "") == total, "an emptied search hides something")
        for severity in ("loss", "control", "notice"):
            count = sum(one["severity"] == severity for one in report["anomalies"])
            expect(choose(browser, "severity", severity) == count, f"filter {severity}")
        choose(browser, "severity", "")
        expect(browser.value("document.documentElement.scrollWidth <= innerWidth"),
               f"{language}: the page is wider than the window")
        browser.picture(f"{pictures}/day-{language}.png")
        browser.load(day, dark=True)
        browser.picture(f"{pictures}/day-{language}-dark.png", full=False)
        browser.load(day, width=390, height=844, mobile=True)
        expect(browser.value("document.documentElement.scrollWidth <= 392"),
               f"{language}: the page is wider than a phone")
        browser.picture(f"{pictures}/day-{language}-phone.png", full=False)
        browser.load(day, width=720, height=450)  # 1440 wide at 200 % zoom.
        expect(browser.value("document.documentElement.scrollWidth <= 722"),
               f"{language}: at 200 % the page must be scrolled sideways")
        browser.load(day)
        browser.paper(f"{pictures}/day-{language}.pdf")
        for name in ("index.html", "2026-11/month.html", "case.html"):
            browser.load(f"{folder}/{name}", width=1200)
            stem = os.path.basename(name).split(".")[0]
            browser.picture(f"{pictures}/{stem}-{language}.png")
            browser.paper(f"{pictures}/{stem}-{language}.pdf")
    browser.close()
    expect(not browser.errors, "errors in the console: " + "; ".join(browser.errors))
    print(f"look: 8 pages in two languages, {checks} serials searched, filters used, no console "
          f"error; pictures in {pictures}")


main()
