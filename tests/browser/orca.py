"""Runs a real screen reader: Debian's Orca with a browser, on a virtual screen and a D-Bus session of their own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from tests.browser.conftest import CHROMIUM, program

#: Starts the accessibility bus. Part of at-spi2-core, on which Orca depends.
_BUS = "/usr/libexec/at-spi-bus-launcher"

#: Without these, Firefox opens pages of its own, contacts other sites, or turns accessibility off.
_FIREFOX = """
user_pref("accessibility.force_disabled", -1);
user_pref("app.update.enabled", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.safebrowsing.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("datareporting.policy.firstRunURL", "");
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "http://127.0.0.1:9/");
"""


class Listener:
    """A visitor who reads pages with Orca.

    Args:
        browser: ``firefox`` or ``chromium``.
        folder: an empty folder, to be the home of all the programs.
    """

    def __init__(self, browser: str, folder: Path) -> None:
        self.browser = browser
        self.folder = folder
        self._started: list[subprocess.Popen] = []
        self._said = folder / "said"
        self._environment = dict(os.environ)

    def __enter__(self) -> Self:
        for name in ("run", "bin", "firefox", "orca"):
            (self.folder / name).mkdir(mode=0o700)
        (self.folder / "firefox" / "user.js").write_text(_FIREFOX)
        # If Orca found another Orca of this user, it would not start, or would end that one. So pgrep finds nothing.
        (self.folder / "bin" / "pgrep").write_text("#!/bin/sh\nexit 1\n")
        (self.folder / "bin" / "pgrep").chmod(0o700)
        # Orca runs this at startup: it makes Orca write each line to the log at once.
        (self.folder / "orca" / "orca-customizations.py").write_text(
            "from orca import debug\ndebug.debugFile.reconfigure(line_buffering=True)\n"
        )
        self._environment |= {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "XDG_DATA_HOME": str(self.folder),
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
            "GNOME_ACCESSIBILITY": "1",
            "GTK_MODULES": "gail:atk-bridge",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "MOZ_ENABLE_WAYLAND": "0",
            "NO_AT_BRIDGE": "0",
        }
        try:
            self._start_a_screen_and_a_bus()
            self._start([program("orca", "orca"), f"--debug-file={self._said}"])
            until(lambda: "Startup complete" in self._log(), "Orca has not started")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        for process in reversed(self._started):
            with process:  # closes its pipe, and waits
                # The whole process group, because it may have started others.
                for sign in (signal.SIGTERM, signal.SIGKILL):
                    with suppress(ProcessLookupError, subprocess.TimeoutExpired):
                        os.killpg(process.pid, sign)
                        process.wait(5)
        self._started.clear()

    def open(self, address: str) -> None:
        """Opens a page in a new window. Returns once Orca has read out its first heading."""
        if self.browser == "firefox":
            profile = self.folder / "firefox"
            self._start([program("firefox-esr", "firefox-esr"), "--no-remote", "--profile", profile, address])
        else:
            own = ["--force-renderer-accessibility", "--ignore-certificate-errors", "--password-store=basic"]
            profile = f"--user-data-dir={self.folder / 'chromium'}"
            self._start([program("chromium", "chromium"), *CHROMIUM, *own, profile, address])
        until(self._windows, "no window has opened", 60)
        self._xdotool("windowfocus", self._windows()[-1])

        def a_heading_is_heard() -> bool:
            heard = self.heard()
            self.press("h")
            time.sleep(1)
            return any("heading level" in words for words in self.heard()[len(heard) :])

        until(a_heading_is_heard, "Orca does not read the page", 60)

    def press(self, *keys: str, gap: float = 0.1) -> None:
        """Presses keys or combinations such as ``shift+h``, one every ``gap`` seconds."""
        self._xdotool("key", "--delay", str(round(gap * 1000)), *keys)

    def wait_for_silence(self, seconds: float = 1) -> None:
        """Waits until Orca has said nothing for this long."""
        heard = -1
        while len(self.heard()) > heard:
            heard = len(self.heard())
            time.sleep(seconds)

    def heard(self) -> list[str]:
        """Everything that Orca has said so far."""
        return re.findall(r"SPEECH OUTPUT: '(.*?)'", self._log())

    def titles(self) -> list[str]:
        """The titles of the browser's windows."""
        return [self._xdotool("getwindowname", window) for window in self._windows()]

    def _start_a_screen_and_a_bus(self) -> None:
        theirs, ours = os.pipe()  # Xvfb writes the number of its display into this pipe
        screen = [program("Xvfb", "xvfb"), "-displayfd", str(ours), "-screen", "0", "1280x900x24"]
        self._start([*screen, "-nolisten", "tcp", "-noreset"], pass_fds=[ours])
        os.close(ours)
        with os.fdopen(theirs) as display:
            self._environment["DISPLAY"] = f":{display.readline().strip()}"
        bus = [program("dbus-daemon", "dbus-x11"), "--session", "--nofork", "--print-address=1"]
        process = self._start(bus, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        self._environment["DBUS_SESSION_BUS_ADDRESS"] = process.stdout.readline().strip()
        self._start([_BUS, "--launch-immediately"])

    def _start(self, command: Sequence[str | Path], **how) -> subprocess.Popen:
        """Starts a program as the leader of its own process group. Its output goes to a log in the folder."""
        with (self.folder / f"{Path(command[0]).name}.log").open("w") as log:
            how = {"stdout": log, "stderr": log, "env": self._environment, "cwd": self.folder} | how
            process = subprocess.Popen(command, start_new_session=True, **how)
        self._started.append(process)
        return process

    def _xdotool(self, *words: str) -> str:
        command = [program("xdotool", "xdotool"), *words]
        run = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)
        return run.stdout.strip()

    def _windows(self) -> list[str]:
        return self._xdotool("search", "--onlyvisible", "--class", self.browser).split()

    def _log(self) -> str:
        return self._said.read_text("utf-8", errors="replace") if self._said.exists() else ""


def until(happens: Callable[[], object], otherwise: str, seconds: float = 30) -> None:
    """Waits until ``happens`` returns something true; fails with the message ``otherwise`` if that takes too long."""
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.2)
