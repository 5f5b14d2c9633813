"""A real browser without a window: finds Chromium and speaks with it through the pipe of its DevTools."""

from __future__ import annotations

import atexit
import base64
import contextlib
import functools
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ANSWER_SECONDS = 60.0
_OPTIONS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-sandbox",  # it opens nothing but pages of ours, and root may not use one
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # what a page fetches is seen, and never leaves the computer
)
# Chromium reads commands from file 3 and answers on file 4.
_WITH_PIPES = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
os.dup2(ends[0], 3)
os.dup2(ends[1], 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""
_SETTLED = "new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))"
_HEARD = """
Promise.all(Array.from(document.querySelectorAll("audio"), audio => new Promise(done => {
    audio.addEventListener("canplaythrough", () => done(audio.duration));
    audio.addEventListener("error", () => done(-1));
    for (const source of audio.querySelectorAll("source")) source.addEventListener("error", () => done(-1));
    audio.preload = "auto";
    audio.load();
})))
"""


@dataclass(frozen=True)
class Page:
    """A page as the browser has it.

    Attributes
    ----------
    dom : str
        Its HTML after its scripts ran.
    text : str
        What a reader sees.
    console : list of str
        Errors and warnings of the console, and errors of scripts.
    requests : list of str
        The addresses of everything that was fetched beside the page itself.
    value : object
        What the expression gave that was asked for.
    """

    dom: str
    text: str
    console: list[str]
    requests: list[str]
    value: Any = None


def why_not() -> str:
    """Say why there is no browser here; nothing if there is one."""
    return "" if _program() else f"needs a browser: one of {', '.join(PROGRAMS)} (Debian: chromium)"


def open_page(path: Path, evaluate: str | None = None, *, width: int = 1280, dark: bool = False) -> Page:
    """Open a file in the browser; the test is skipped where there is none.

    Parameters
    ----------
    path : Path
        An HTML file.
    evaluate : str, optional
        JavaScript whose value is wanted, or what it promises; its errors are errors of the test.
    width : int
        Of the window, in pixels.
    dark : bool
        Whether the reader wants dark pages.
    """
    with _tab(path, width, 900, dark) as tab:
        value = tab.evaluate(evaluate) if evaluate is not None else None
        return Page(
            dom=tab.evaluate("document.documentElement.outerHTML"),
            text=tab.evaluate("document.body.innerText"),
            console=tab.console(),
            requests=tab.requests(path),
            value=value,
        )


def heard(path: Path) -> list[float]:
    """Return how many seconds each audio element of a file plays; -1 for what cannot be decoded."""
    seconds: list[float] = open_page(path, _HEARD).value
    return seconds


def screenshot(path: Path, png: Path, width: int, height: int, dark: bool = False) -> None:
    """Take a picture of the top of a file in the browser; the test is skipped where there is none.

    Parameters
    ----------
    path : Path
        An HTML file.
    png : Path
        Where the picture is written.
    width, height : int
        Of the window, in pixels.
    dark : bool
        Whether the reader wants dark pages.
    """
    with _tab(path, width, height, dark) as tab:
        png.write_bytes(base64.b64decode(tab.ask("Page.captureScreenshot")["data"]))


def print_page(path: Path) -> bytes:
    """Return the PDF file that printing a file makes; the test is skipped where there is no browser."""
    with _tab(path, 1280, 900, False) as tab:
        return base64.b64decode(tab.ask("Page.printToPDF", preferCSSPageSize=True)["data"])


class _Browser:
    """A running browser."""

    def __init__(self, program: str) -> None:
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        commands_out, self._commands = os.pipe()
        self._answers, answers_in = os.pipe()
        options = (program, *_OPTIONS, f"--user-data-dir={self._folder.name}", "about:blank")
        self._process = subprocess.Popen(
            [sys.executable, "-c", _WITH_PIPES, str(commands_out), str(answers_in), *options],
            pass_fds=(commands_out, answers_in),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(commands_out)
        os.close(answers_in)
        self._unread = b""
        self._last = 0
        self.events: list[dict[str, Any]] = []

    def close(self) -> None:
        with contextlib.suppress(OSError):
            os.close(self._commands)  # then it goes by itself
        os.close(self._answers)
        try:
            self._process.wait(10.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()

    def ask(self, method: str, session: str | None = None, **values: Any) -> dict[str, Any]:
        """Give a command and wait for its answer."""
        self._last += 1
        command = {"id": self._last, "method": method, "params": values}
        if session is not None:
            command["sessionId"] = session
        os.write(self._commands, json.dumps(command).encode() + b"\0")
        while (message := self._next()).get("id") != self._last:
            self.events.append(message)
        if "error" in message:
            raise AssertionError(f"the browser refuses {method}: {message['error']['message']}")
        answer: dict[str, Any] = message["result"]
        return answer

    def await_event(self, method: str, session: str) -> None:
        """Wait until something happens, unless it has."""
        while not any(event.get("method") == method for event in self.of(session)):
            self.events.append(self._next())

    def of(self, session: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event.get("sessionId") == session]

    def _next(self) -> dict[str, Any]:
        until = time.monotonic() + _ANSWER_SECONDS
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._answers], [], [], max(0.0, until - time.monotonic()))
            piece = os.read(self._answers, 1 << 20) if ready else b""
            if not piece:
                raise AssertionError("the browser does not answer")
            self._unread += piece
        first, _, self._unread = self._unread.partition(b"\0")
        message: dict[str, Any] = json.loads(first)
        return message


@dataclass(frozen=True)
class _Tab:
    """One page that is open."""

    browser: _Browser
    session: str

    def ask(self, method: str, **values: Any) -> dict[str, Any]:
        return self.browser.ask(method, self.session, **values)

    def evaluate(self, script: str) -> Any:
        answer = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def console(self) -> list[str]:
        return [line for event in self.browser.of(self.session) if (line := _line(event))]

    def requests(self, path: Path) -> list[str]:
        addresses = [
            event["params"]["request"]["url"]
            for event in self.browser.of(self.session)
            if event.get("method") == "Network.requestWillBeSent"
        ]
        inside = ("data:", "blob:")
        return [url for url in addresses if url != path.resolve().as_uri() and not url.startswith(inside)]


def _line(event: dict[str, Any]) -> str:
    """Return what an event says on the console; nothing if it is neither error nor warning."""
    said = event.get("params", {})
    match event.get("method"):
        case "Runtime.consoleAPICalled" if said["type"] in ("error", "warning", "assert"):
            return " ".join(str(value.get("value", value.get("description"))) for value in said["args"])
        case "Runtime.exceptionThrown":
            problem = said["exceptionDetails"]
            return str(problem.get("exception", {}).get("description", problem["text"]))
        case "Log.entryAdded" if said["entry"]["level"] in ("error", "warning"):
            return str(said["entry"]["text"])
    return ""


@contextmanager
def _tab(path: Path, width: int, height: int, dark: bool) -> Iterator[_Tab]:
    """Open a file in a new tab, and close it in the end."""
    if reason := why_not():
        pytest.skip(reason)
    browser = _running()
    target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
    session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    tab = _Tab(browser, session)
    try:
        for part in ("Page", "Runtime", "Log", "Network"):
            tab.ask(f"{part}.enable")
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        tab.ask("Emulation.setEmulatedMedia", features=[scheme])
        tab.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        browser.events.clear()
        tab.ask("Page.navigate", url=path.resolve().as_uri())
        browser.await_event("Page.loadEventFired", session)
        tab.evaluate(_SETTLED)
        yield tab
    finally:
        browser.ask("Target.closeTarget", targetId=target)
        browser.events.clear()


@functools.cache
def _running() -> _Browser:
    """Return the browser of this run of the tests: starting one takes as long as twenty pages."""
    program = _program()
    assert program is not None
    browser = _Browser(program)
    atexit.register(browser.close)
    return browser


def _program() -> str | None:
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)
