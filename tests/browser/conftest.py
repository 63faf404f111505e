"""A real browser for tests: Debian's Chromium, spoken to over its own protocol."""

import itertools
import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from websockets.sync.client import connect

AXE = Path(__file__).parent / "axe" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
RUN = """
axe.run(document, {runOnly: %s, resultTypes: ['violations', 'incomplete']})
.then(r => JSON.stringify({
  violations: told(r.violations), incomplete: told(r.incomplete), passes: r.passes.length}))
function told(rules) {
  return rules.map(r => [r.id, r.nodes.length, r.nodes.slice(0, 3).map(n => n.html.slice(0, 200)
    + ' | ' + n.any.concat(n.all, n.none).map(c => c.message).join('; ').slice(0, 200))])
}
"""


class Page:
    """One tab."""

    def __init__(self, socket):
        self.socket = socket
        self.numbers = itertools.count(1)

    def call(self, method, **parameters):
        """Send a command and return its answer."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.socket.recv(timeout=60))
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    def open(self, path, *, width=1280, script=True):
        """Open a file and wait until it has loaded."""
        self.call("Emulation.setScriptExecutionDisabled", value=not script)
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        self.run("window.isLeft = true")  # the page before, which may have the same address
        self.call("Page.navigate", url=Path(path).resolve().as_uri())
        for _ in range(400):
            if self.run("!window.isLeft && document.readyState === 'complete'"):
                return
            time.sleep(0.05)
        raise AssertionError(f"{path} did not load")

    def run(self, script):
        """Return what a script gives; a promise is waited for."""
        answer = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def axe(self):
        """Return what axe-core says of the page: violations, what it could not decide."""
        self.run(AXE.read_text(encoding="utf-8") + "; true")
        return json.loads(self.run(RUN % json.dumps(TAGS)))


def chromium():
    """Return where Chromium is; skips the test by name where there is none."""
    found = os.environ.get("SAMLAD_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("Chromium is not installed: the pages are not tried in a real browser")
    return found


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A tab of a Chromium of its own."""
    folder = tmp_path_factory.mktemp("chromium")
    quiet = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--lang=sv"]
    command = [chromium(), *quiet, "--remote-debugging-port=0", f"--user-data-dir={folder}"]
    process = subprocess.Popen([*command, "about:blank"], stdout=-3, stderr=-3)
    try:
        port = folder / "DevToolsActivePort"
        for _ in range(1200):  # a machine that does much else at once
            if port.is_file() and len(port.read_text().splitlines()) == 2:
                break
            time.sleep(0.05)
        number, address = port.read_text().splitlines()
        with connect(
            f"ws://127.0.0.1:{number}{address}", max_size=None, ping_interval=None
        ) as socket:
            whole = Page(socket)
            target = whole.call("Target.createTarget", url="about:blank")["targetId"]
        with connect(
            f"ws://127.0.0.1:{number}/devtools/page/{target}", max_size=None, ping_interval=None
        ) as socket:
            tab = Page(socket)
            tab.call("Page.enable")
            tab.call("Log.enable")
            yield tab
    finally:
        process.terminate()
        process.wait(timeout=20)
