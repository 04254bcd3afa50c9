"""deploy/signpost on a real Granian: what is refused changes nothing, also after a worker has died or the machine restarted.

Here systemd and nginx are replaced by small programs: one starts the site with the commands of deploy/signpost.service,
the other agrees to every configuration.
"""

from __future__ import annotations

import getpass
import os
import re
import shutil
import signal
import stat
import subprocess
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from signpost import __version__
from tests import ROOT
from tests.app.test_other_charity import TENANTS
from tests.servers.processes import UNIT, free_port, healthy, until

pytestmark = pytest.mark.needs("curl", "git")

HEADING = "Help with the home you rent"


class Machine:
    """A server on which Signpost is installed, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.root, self.settings = folder / "srv", folder / "settings"
        self.content, self.nginx_conf = folder / "charity", folder / "nginx.conf"
        shutil.copytree(TENANTS, self.content)
        # The command is called in a folder of somebody else's, whose Python must not run.
        self.elsewhere = folder / "elsewhere"
        self.elsewhere.mkdir()
        for name in ("compileall", "flask", "granian", "pip"):
            (self.elsewhere / f"{name}.py").write_text(f"open({str(folder / 'ran')!r}, 'a').write({name!r})")
        (folder / "run").mkdir()
        self.settings.write_text(f"SIGNPOST_SITE_NAME='Tenants'\nSIGNPOST_CONTENT={self.content}\n")
        self.nginx_conf.write_text(
            (ROOT / "deploy" / "nginx.conf").read_text().replace("example.org", "a.example")
        )
        self._check_out()
        self._install_programs()
        changes = {
            "/srv/signpost": str(self.root),
            "/etc/signpost/settings": str(self.settings),
            "/etc/systemd/system": str(folder),
            "=/etc/nginx\n": f"={folder}\n",
            "user=signpost": f"user={getpass.getuser()}",
            "127.0.0.1:8000": f"127.0.0.1:{self.port}",
        }
        self.script = (ROOT / "deploy" / "signpost").read_text("utf-8")
        for old, new in changes.items():
            assert old in self.script
            self.script = self.script.replace(old, new)

    def _check_out(self) -> None:
        """A repository with the working copy of the project, and a release with its libraries and nothing else."""
        source = self.root / "source"
        source.mkdir(parents=True)
        for name in ("signpost", "templates", "static", "deploy"):
            shutil.copytree(
                ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "posters")
            )
        for name in ("Makefile", "config.py", "wsgi.py", "requirements.txt"):
            shutil.copy(ROOT / name, source)
        self.git("init", "--quiet")
        self.commit()
        release = self.root / "releases" / "first"
        shutil.copytree(ROOT / "deploy", release / "deploy")
        shutil.copy(ROOT / "requirements.txt", release)
        libraries = release / ".venv"
        libraries.mkdir()
        (libraries / ".run").touch()
        for name in ("bin", "lib", "pyvenv.cfg"):
            (libraries / name).symlink_to((ROOT / ".venv" / name).resolve())
        (self.root / "current").symlink_to(release)

    def _install_programs(self) -> None:
        (environment,) = re.findall(r"^Environment=(.*)$", UNIT, re.MULTILINE)
        before, start = (
            re.findall(rf"^{name}=(.*)$", UNIT, re.MULTILINE)[0] for name in ("ExecStartPre", "ExecStart")
        )
        start = start.replace("8000", str(self.port)).replace("--workers 2", "--workers 1")
        run = f"""
            [ "$*" = "restart signpost" ] || exit 0
            [ ! -s {self.folder}/pid ] || kill -KILL "-$(cat {self.folder}/pid)" || true
            cd {self.root}/current
            set -a
            {environment.replace(" ", "; ")}; SIGNPOST_EDGE_COPY=
            . ./settings
            RUNTIME_DIRECTORY={self.folder}/run
            {before.replace("/var/lib/signpost", str(self.folder))}
            setsid {start} >>{self.folder}/log 2>&1 9>&- &
            echo $! >{self.folder}/pid
        """
        for name, words in (("systemctl", run), ("nginx", "")):
            program = self.folder / "bin" / name
            program.parent.mkdir(exist_ok=True)
            program.write_text(f"#!/bin/sh -e\n{words}")
            program.chmod(0o755)
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("SIGNPOST_", "MAKE"))
        }
        self.environment = kept | {"PATH": f"{self.folder}/bin:{os.environ['PATH']}"}

    def git(self, *words: str) -> None:
        names = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *names, *words], cwd=self.root / "source", check=True, capture_output=True)

    def commit(self) -> None:
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--message=x")

    def signpost(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", self.script, "sh", command],
            env=self.environment,
            cwd=self.elsewhere,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    @property
    def current(self) -> str:
        return (self.root / "current").readlink().name

    def page(self, path: str = "/") -> str:
        with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as page:
            return page.read().decode()

    def kill_worker(self) -> None:
        """Kills the worker, and waits for another."""
        log = self.folder / "log"
        started = log.read_text().count("Started worker-")
        os.kill(int(re.findall(r"Spawning worker-1 with PID: (\d+)", log.read_text())[-1]), signal.SIGKILL)
        until(lambda: log.read_text().count("Started worker-") > started, "another worker starts")

    def reboot(self) -> None:
        subprocess.run(
            ["systemctl", "restart", "signpost"], env=self.environment, check=True, capture_output=True
        )
        until(lambda: healthy(self.port), "the site answers")

    def stop(self) -> None:
        with suppress(FileNotFoundError, ProcessLookupError):
            os.killpg(int((self.folder / "pid").read_text()), signal.SIGKILL)


@pytest.fixture
def machine(tmp_path):
    machine = Machine(tmp_path)
    yield machine
    machine.stop()


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_a_release_is_refused_or_switched_to_whole_and_can_be_taken_back(machine):
    done = machine.signpost("apply")
    assert done.returncode == 0, done.stderr
    good = machine.current
    assert good != "first"
    assert HEADING in machine.page()

    figures = machine.page("/metrics").splitlines()
    assert {f'signpost_info{{version="{__version__}",release="{good}"}} 1', "signpost_workers 1"} <= set(
        figures
    )

    # A user who cannot run the Python of the libraries, such as that of root's home.
    script, machine.script = machine.script, machine.script.replace("\nuser=", "\nuser=nobody #")
    python = machine.root / "current" / ".venv" / "bin" / "python"
    if (
        os.getuid() == 0
        and not stat.S_IXOTH & Path("/root").stat().st_mode
        and "/root/" in str(python.resolve())
    ):
        done = machine.signpost("apply")
        assert (
            f"the user nobody cannot run {python.resolve()}; call this again with Debian's own" in done.stderr
        )
        assert machine.current == good
    machine.script = script

    # Refused. A worker that dies, and a machine that restarts, find the good release: its content and its settings.
    start = machine.content / "templates" / "pages" / "start.html"
    replace(machine.content / "questions.toml", "title", "titel")
    replace(start, HEADING, "Help with your home")
    replace(machine.settings, "Tenants", "Renters'\nSIGNPOST_EXIT_URL='x")
    for file, wrong, right in (
        (machine.settings, "\nSIGNPOST_EXIT_URL='x'", ""),
        (machine.content / "questions.toml", "titel", "title"),
    ):
        done = machine.signpost("apply")
        assert done.returncode == 1
        assert wrong.strip("\n='x") in done.stderr
        assert done.stderr.endswith("nothing was changed; the site runs as before\n")
        assert machine.current == good
        replace(file, wrong, right)
    for happens in (machine.kill_worker, machine.reboot):
        happens()
        assert HEADING in machine.page()
        assert "Renters" not in machine.page()

    # Taken, with a change of the edge, which keeps what the operator changed there.
    replace(machine.root / "source" / "deploy" / "nginx.conf", "send_timeout 15s;", "send_timeout 16s;")
    done = machine.signpost("apply")
    assert "not committed" in done.stderr
    machine.commit()
    done = machine.signpost("apply")
    assert done.returncode == 0, done.stderr
    better = machine.current
    assert {each.name for each in (machine.root / "releases").iterdir()} == {good, better}
    assert "Help with your home" in machine.page()
    assert "Renters" in machine.page()
    assert "server_name a.example;" in machine.nginx_conf.read_text()
    assert "send_timeout 16s;" in machine.nginx_conf.read_text()

    # What passes the check but does not start is taken back at once.
    replace(
        machine.root / "source" / "wsgi.py",
        "from",
        "import sys\n\nassert 'export-fallback' not in sys.argv\nfrom",
    )
    machine.commit()
    done = machine.signpost("apply")
    assert done.returncode == 1
    assert "the release before runs again" in done.stderr
    assert machine.current == better
    assert "Help with your home" in machine.page()

    done = machine.signpost("rollback")
    assert done.returncode == 0, done.stderr
    assert machine.current == good
    assert HEADING in machine.page()
    assert "send_timeout 15s;" in machine.nginx_conf.read_text()
    assert (machine.root / "previous").readlink().name == better
    assert not (machine.folder / "ran").exists(), "what lies where the command was called has run"
