"""Real servers for the tests: each on a free local port, and stopped by its process id."""

from __future__ import annotations

import atexit
import functools
import grp
import http.client
import os
import pwd
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from redis import Redis as Client

from tests import ROOT

#: The command with which systemd starts the site. The tests use the same one.
UNIT = (ROOT / "deploy" / "signpost.service").read_text("utf-8")
SECRET = "a-secret-that-only-the-tests-know"


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def until(happened, what: str, seconds: float = 20) -> float:
    """Waits until ``happened`` returns true. Returns how long that took, in seconds."""
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < seconds, f"not within {seconds} s: {what}"
        time.sleep(0.01)
    return time.monotonic() - began


class Server:
    """A process that listens on ``port``, and the file with its output."""

    #: Seconds that it may take to start.
    patience: float = 20

    def __init__(self, folder: Path, name: str, port: int) -> None:
        self.port = port
        self.log = folder / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, command: list[str], environment: dict[str, str] | None = None) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            until(self.answers, f"{command[0]} listens", self.patience)
        except BaseException:
            self.kill()
            raise

    def answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"it ended by itself:\n{self.written()}"
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def written(self) -> str:
        return self.log.read_text("utf-8", errors="replace")

    def signal(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def pause(self) -> None:
        """Suspends every process of the server (SIGSTOP). It keeps its connections but does not answer."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGCONT)

    def kill(self) -> None:
        """Kills every process of the server at once, as if the machine had failed."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> int:
        """Asks the server to stop and returns its exit status. Kills what is left of it."""
        assert self.process is not None
        self.resume()
        self.process.terminate()
        try:
            return self.process.wait(timeout=20)
        finally:
            self.kill()


class Store(Server):
    """Debian's Redis, configured to store nothing on disk."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "store", free_port())
        self.folder = folder
        self.begin()

    def begin(self) -> None:
        words = f"redis-server --bind 127.0.0.1 --port {self.port} --appendonly no --dir {self.folder} --save"
        self.start([*words.split(), ""])

    @property
    def settings(self) -> dict[str, str]:
        """The settings that make a site count requests in this store."""
        address = f"redis://127.0.0.1:{self.port}"
        return {"SIGNPOST_RATE_LIMIT_STORAGE": address, "SIGNPOST_RATE_LIMIT_SECRET": SECRET}

    def held(self) -> list[str]:
        with Client(port=self.port, decode_responses=True) as client:
            return client.keys()

    def count(self) -> int:
        """The sum of all counters."""
        with Client(port=self.port, decode_responses=True) as client:
            return sum(int(client.get(key) or 0) for key in self.held())


#: The site, for tests that need only its first pages prerendered.
FEW_PAGES = "tests.servers.few_pages:app"


class Site(Server):
    """The site on Granian, started as deploy/signpost.service starts it."""

    def __init__(self, folder: Path, settings: dict[str, str], *, workers: int = 2, target: str = "wsgi:app"):
        super().__init__(folder, "site", free_port())
        self.workers_wanted = workers
        self.target = target
        self.settings = settings
        self.begin()

    def begin(self) -> None:
        """Starts the site and waits until every worker is ready."""
        (line,) = re.findall(r"^ExecStart=/usr/bin/env \S+ (.*)$", UNIT, re.MULTILINE)
        words = shlex.split(line)
        for name, value in (("--port", str(self.port)), ("--workers", str(self.workers_wanted))):
            words[words.index(name) + 1] = value
        words[-1] = self.target
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SIGNPOST_")}
        (given,) = re.findall(r"^Environment=(.*)$", UNIT, re.MULTILINE)
        kept |= dict(word.split("=", 1) for word in given.split())
        kept["SIGNPOST_EDGE_COPY"] = ""  # a test that needs a copy writes one itself, of few pages
        before = self.written().count("Started worker-") if self.log.exists() else 0
        self.start([sys.executable, *words], kept | self.settings)
        self.wait_for_starts(before + self.workers_wanted)

    def wait_for_starts(self, number: int) -> float:
        def started() -> bool:
            return self.written().count("Started worker-") >= number

        return until(started, "the workers start", self.patience)

    def workers(self) -> list[int]:
        """The process ids of the current workers."""
        found = re.findall(r"Spawning worker-(\d+) with PID: (\d+)", self.written())
        return [int(pid) for pid in dict(found).values()]


class Edge(Server):
    """Debian's nginx with deploy/nginx.conf, except for the ports and folders.

    With ``main``, the text of another main file, deploy/nginx-site.conf is included there.
    """

    def __init__(
        self,
        folder: Path,
        site_port: int,
        languages: str = "en",
        changes: dict[str, str] | None = None,
        main: str = "",
    ) -> None:
        super().__init__(folder, "edge", free_port())
        self.plain_port = free_port()
        shutil.copytree(_exported(languages), folder / "edge", dirs_exist_ok=True)
        certificate(folder)
        user = pwd.getpwuid(os.getuid()).pw_name
        group = grp.getgrgid(os.getgid()).gr_name
        changes = (changes or {}) | {
            "user www-data;": f"user {user} {group};",
            "/run/nginx.pid": f"{folder}/nginx.pid",
            "/etc/signpost": str(folder),
            "/var/lib/signpost": str(folder),
            "/srv/signpost/current": str(ROOT),
            "/var/www/signpost": f"{folder}/www",
            "listen 80 ": f"listen 127.0.0.1:{self.plain_port} ",
            "listen [::]:80 ": f"listen [::1]:{self.plain_port} ",
            "listen 443 ": f"listen 127.0.0.1:{self.port} ",
            "listen [::]:443 ": f"listen [::1]:{self.port} ",
            "server 127.0.0.1:8000 ": f"server 127.0.0.1:{site_port} ",
            "http {\n": "http {\n" + "".join(f"    {kind}_temp_path {folder}/temp;\n" for kind in _TEMPORARY),
        }
        name = "nginx-site.conf" if main else "nginx.conf"
        text = (ROOT / "deploy" / name).read_text("utf-8")
        text = main.replace("include /etc/nginx/sites-enabled/*;", text) or text
        for old, new in changes.items():
            assert old in text, f"deploy/nginx.conf has no “{old}”"
            text = text.replace(old, new)
        self.conf = folder / "nginx.conf"
        self.conf.write_text(text, "utf-8")
        self.begin()

    def begin(self) -> None:
        self.start(["nginx", "-e", "stderr", "-c", str(self.conf), "-g", "daemon off;"])
        # With a file in place of its folder, nginx gets an error if it tries to write a temporary file: the test fails.
        temporary = self.conf.with_name("temp")
        if temporary.is_dir():
            temporary.rmdir()
            temporary.touch()


@functools.cache
def _exported(languages: str) -> Path:
    """A folder with the edge's own pages in these languages. Written once in a process, and removed when it ends."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "export-fallback", str(folder)]
    https = os.environ | {"SIGNPOST_BASE_URL": "https://example.org", "SIGNPOST_LANGUAGES": languages}
    subprocess.run(command, cwd=ROOT, env=https, check=True, capture_output=True)
    return folder


_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def certificate(folder: Path) -> None:
    """Makes a self-signed certificate that is valid for a few days."""
    words = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 2 -subj /CN=example.org"
    out = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run([*words.split(), *out], check=True, capture_output=True)


def healthy(port: int) -> bool:
    """Whether the site's health check succeeds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
