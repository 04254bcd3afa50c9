"""The deploy/ files: they are consistent and as strict as they claim, and the documents describe all of them."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from dataclasses import fields

import pytest

from config import Config
from signpost.i18n.languages import TRANSLATIONS
from signpost.security.headers import nginx_headers
from tests import ROOT

UNIT = ROOT / "deploy" / "signpost.service"
SETTINGS = [f"SIGNPOST_{field.name.upper()}" for field in fields(Config)]


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def flags(words: list[str]) -> dict[str, str]:
    """The options of a Granian command, mapped to their values, or to "" for options without one."""
    words = words[words.index("granian") + 1 : -1]
    pairs = zip(words, [*words[1:], "--"], strict=True)
    return {word: "" if after.startswith("--") else after for word, after in pairs if word.startswith("--")}


@pytest.mark.needs("systemd")
def test_the_units_are_such_as_systemd_takes(tmp_path):
    """Checks the units with only the path of our own program changed, which differs on a server."""
    units = [*(ROOT / "deploy").glob("*.service"), *(ROOT / "deploy").glob("*.timer")]
    assert len(units) == 3
    for unit in units:
        (tmp_path / unit.name).write_text(unit.read_text("utf-8").replace("/srv/signpost/current", str(ROOT)))
    example = read("deploy/signpost-alert@.service.example")
    (tmp_path / "signpost-alert@.service").write_text(example)
    names = [*(str(tmp_path / unit.name) for unit in units), str(tmp_path / "signpost-alert@x.service")]
    done = subprocess.run(["systemd-analyze", "verify", *names], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_fails_tells_somebody():
    assert "OnFailure=signpost-alert@%n.service" in read("deploy/signpost-watch.service").splitlines()
    assert "deploy/signpost-alert@.service.example" in read("docs/operating.md")


@pytest.mark.needs("curl", "openssl")
def test_the_watch_fails_where_neither_the_site_nor_the_edge_answers(tmp_path):
    script = read("deploy/signpost")
    for port in ("8000", "443"):
        assert f"127.0.0.1:{port}\n" in script
        script = script.replace(f"127.0.0.1:{port}\n", "127.0.0.1:1\n")
    done = subprocess.run(["sh", "-c", script, "sh", "watch"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert re.search("not ready.*\n.*certificate", done.stdout)


#: Listed here too, so that removing one fails a test; the score of systemd-analyze would tolerate a few.
HARDENED = """
    User=signpost
    UMask=0022
    ProtectSystem=strict
    ProtectHome=yes
    PrivateTmp=yes
    PrivateDevices=yes
    PrivateUsers=yes
    ProtectProc=invisible
    ProcSubset=pid
    ProtectClock=yes
    ProtectHostname=yes
    ProtectKernelLogs=yes
    ProtectKernelModules=yes
    ProtectKernelTunables=yes
    ProtectControlGroups=yes
    NoNewPrivileges=yes
    CapabilityBoundingSet=
    AmbientCapabilities=
    LockPersonality=yes
    MemoryDenyWriteExecute=yes
    RestrictNamespaces=yes
    RestrictRealtime=yes
    RestrictSUIDSGID=yes
    RemoveIPC=yes
    RestrictAddressFamilies=AF_INET AF_INET6
    SystemCallArchitectures=native
    SystemCallFilter=@system-service
    SystemCallFilter=~@privileged @resources
    SystemCallErrorNumber=EPERM
    IPAddressDeny=any
    IPAddressAllow=localhost
    LimitCORE=0
    LimitNOFILE=16384
    MemoryMax=512M
    MemorySwapMax=0
    TasksMax=256
    KillMode=mixed
    TimeoutStopSec=15
    Restart=always
    RestartSec=1
    StartLimitIntervalSec=0
    WorkingDirectory=/srv/signpost/current
    EnvironmentFile=/srv/signpost/current/settings
    Environment=PYTHONDONTWRITEBYTECODE=1 MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=65536 SIGNPOST_TRUSTED_PROXIES=1 SIGNPOST_EDGE_COPY=/var/lib/signpost/copy
    StateDirectory=signpost
    StateDirectoryMode=0755
    RuntimeDirectory=signpost
"""


@pytest.mark.parametrize("line", [line.strip() for line in HARDENED.strip().splitlines()])
def test_the_unit_has_each_of_its_lines(line):
    assert line in read("deploy/signpost.service").splitlines()


#: Limits that no test visit is long, slow or large enough to reach.
EDGE = """
    worker_rlimit_nofile 16384;
    worker_connections 8192;
    client_header_timeout 10s;
    client_body_timeout 10s;
    send_timeout 15s;
    keepalive_timeout 30s;
    reset_timedout_connection on;
    disable_symlinks on from=$document_root;
    large_client_header_buffers 4 16k;
    proxy_buffers 16 16k;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;
    ssl_session_cache off;
    ssl_session_tickets off;
    ssl_conf_command NumTickets 0;
    limit_conn homes 64;
    limit_conn networks 256;
    proxy_ignore_client_abort on;
    limit_conn_status 429;
    proxy_connect_timeout 1s;
    proxy_send_timeout 3s;
    proxy_read_timeout 3s;
    proxy_next_upstream error;
    proxy_next_upstream_tries 2;
    server 127.0.0.1:8000 max_fails=1 fail_timeout=300s;
    proxy_connect_timeout 250ms;
    proxy_send_timeout 250ms;
    proxy_read_timeout 250ms;
    disable_symlinks on from=/var/lib/signpost/copy/now;
    gzip_static always;
    gunzip on;
"""


@pytest.mark.parametrize("line", [line.strip() for line in EDGE.strip().splitlines()])
def test_the_edge_has_each_of_its_lines(line):
    assert line in map(str.strip, read("deploy/nginx.conf").splitlines())


def test_the_memory_of_the_edge_reaches_no_disk_either():
    """docs/operating.md tells operators to install this drop-in for Debian's own unit."""
    kept = {"LimitCORE=0", "MemorySwapMax=0"}
    assert kept <= set(read("deploy/nginx.service.conf").splitlines())
    assert kept <= set(read("deploy/signpost.service").splitlines())
    assert "deploy/nginx.service.conf /etc/systemd/system/nginx.service.d/" in read("docs/operating.md")


@pytest.mark.needs("systemd")
def test_the_unit_gives_the_site_no_more_than_it_needs():
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", "--threshold=12", str(UNIT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout.splitlines()[-1]


def test_the_site_is_served_alike_by_make_and_by_the_unit():
    (served,) = re.findall(r"^ExecStart=(.*)$", read("deploy/signpost.service"), re.MULTILINE)
    recipe = read("Makefile").replace("\\\n", " ")
    (made,) = re.findall(r"granian (--interface .*\S)\s+wsgi:app", recipe)
    unit, make = flags(shlex.split(served)), flags(["granian", *shlex.split(made), "wsgi:app"])
    (command,) = re.findall(r"^CMD (.*)$", read("deploy/Containerfile"), re.MULTILINE)
    assert flags(shlex.split(json.loads(command)[-1])) == unit
    varied = dict(re.findall(r"^(\w+) \?= (\S+)$", read("Makefile"), re.MULTILINE))
    make = {
        name: re.sub(r"\$\((\w+)\)", lambda found: varied[found[1]], value) for name, value in make.items()
    }
    assert unit == make
    assert unit.keys() >= {
        "--blocking-threads",
        "--respawn-failed-workers",
        "--workers-kill-timeout",
        "--http1-buffer-size",
        "--no-ws",
    }
    assert unit["--http1-buffer-size"] == "16384"
    assert unit["--http"] == "1", "over HTTP/2 the headers could have 16 MB"
    assert int(unit["--workers"]) > 1
    assert not [name for name in unit if "access-log" in name]


def test_the_unit_asks_for_the_edge_pages_at_each_start_and_reload():
    export = "python -m flask --app wsgi export-fallback /var/lib/signpost/edge"
    unit = read("deploy/signpost.service")
    assert re.search(rf"^ExecStartPre=/usr/bin/env \.venv/bin/{export}$", unit, re.MULTILINE)
    assert re.search(
        rf"^ExecReload=/usr/bin/env \.venv/bin/{export}\nExecReload=/bin/kill -HUP \$MAINPID$",
        unit,
        re.MULTILINE,
    )
    assert "root /var/lib/signpost;" in read("deploy/nginx.conf")


def test_the_edge_logs_nothing_and_keeps_nothing_of_a_visitor():
    conf = re.sub(r"#.*", "", read("deploy/nginx.conf"))
    assert re.findall(r"access_log ([^;]*);", conf) == ["off"]
    assert re.findall(r"error_log ([^;]*);", conf) == ["/dev/null emerg"]
    assert "proxy_max_temp_file_size 0;" in conf
    assert "proxy_cache" not in conf
    size = dict(
        re.findall(r"^    (client_max_body_size|client_body_buffer_size) (\d+)k;", conf, re.MULTILINE)
    )
    # Over HTTP/2, up to 64 KB arrive before nginx sees that a body without a stated length is too large.
    assert int(size["client_body_buffer_size"]) > int(size["client_max_body_size"]) + 64, (
        "it would go to a file"
    )


def test_the_edge_says_what_the_site_says_and_no_other_program_writes_it(app):
    """nginx reads only configuration that belongs to root: the site itself can write only pages."""
    style = app.extensions["stylesheet"].source
    assert read("deploy/headers.conf") == nginx_headers(style), "run: make headers"
    assert read("deploy/headers-files.conf") == nginx_headers(style, file=True), "run: make headers"
    included = set(re.findall(r"include ([^;]*);", read("deploy/nginx.conf")))
    assert included == {
        "/etc/nginx/mime.types",
        "/srv/signpost/current/deploy/headers.conf",
        "/srv/signpost/current/deploy/headers-files.conf",
    }


def test_the_file_of_a_site_beside_others_is_made_from_the_whole_one():
    command = ["awk", "-f", "deploy/nginx-site.awk", "deploy/nginx.conf"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert read("deploy/nginx-site.conf") == made, "run: make headers"
    assert (
        made.count("error_log /dev/null emerg;")
        == made.count("access_log off;")
        == made.count("server {")
        == 2
    )


def test_make_help_lists_every_target():
    targets = set(re.search(r"^\.PHONY: (.*)$", read("Makefile"), re.MULTILINE)[1].split())
    listed = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert targets == {line.split()[1] for line in listed.splitlines()}


def test_no_redirect_is_one_that_text_browsers_do_not_follow():
    """w3m and Lynx do not follow a 308."""
    sources = [ROOT / "deploy" / "nginx.conf", *(ROOT / "signpost").rglob("*.py")]
    answers = {
        path.name
        for path in sources
        if re.search(r"\b(return|redirect)\b.*\b30[78]\b|\b(code|status)\w*=30[78]", path.read_text("utf-8"))
    }
    assert answers == set()


@pytest.mark.needs("nginx")
def test_make_finds_nginx_for_an_ordinary_user_of_debian():
    find = ["make", "--silent", "--eval", "find:; @command -v nginx", "find"]
    environment = {**os.environ, "PATH": "/usr/local/bin:/usr/bin:/bin"}
    done = subprocess.run(find, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "/usr/sbin/nginx\n", done.stderr


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_in_the_readme(name):
    assert f"| `{name}` |" in read("README.md")


def test_operating_md_names_every_setting_for_protection():
    text = read("docs/operating.md")
    for name in SETTINGS:
        if "RATE" in name or "TRUSTED" in name or "BASE" in name:
            assert name in text, name


def test_the_operator_is_shown_the_figures_that_make_faults_prints():
    """Every row of the table belongs to an existing test. The numbers come from one run on one machine."""
    rows = re.findall(
        r"^\| ([^|]+) \| [\d,]+ \| [\d,]+ \| [\d,]+ ms \|$", read("docs/operating.md"), re.MULTILINE
    )
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "tests" / "servers").glob("test_*.py"))
    noted = re.findall(r"""figures\(\s*f?"([^"]+)\"""", sources)
    patterns = [re.sub(r"\\\{.*?\\\}", ".+", re.escape(each)) for each in noted]
    for row in rows:
        assert any(re.fullmatch(pattern, row) for pattern in patterns), row
    for pattern in patterns:
        assert any(re.fullmatch(pattern, row) for row in rows), pattern


def test_the_edge_knows_the_folder_of_every_language():
    conf = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    for language in TRANSLATIONS.values():
        assert f'"~^/+{language.root[1:]}(?:[/?]|$)"  {language.root};' in conf


def test_the_recipe_works_where_new_files_are_hidden(tmp_path):
    """Hardened machines make files that only their owner may read: then nginx and the site could not read ours."""
    recipe = re.search(r"On Debian 12, as root:\n\n((?: {4}.*\n)+)", read("docs/operating.md"))[1]
    first = recipe.splitlines()[0].split("#")[0].strip()
    made = subprocess.run(
        ["sh", "-c", f"umask 027; {first}; mkdir x; touch x/y; stat -c %a x x/y"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout.split() == ["755", "644"]


def test_settings_of_pip_from_outside_are_not_used():
    """With PIP_USER=1 nothing could be installed; with PIP_TARGET all of it would be somewhere else."""
    given = {"PIP_USER": "1", "PIP_TARGET": "/x", "PIP_PREFIX": "/x", "PIP_ROOT": "/x", "PIP_DRY_RUN": "1"}
    command = ["make", "--silent", "--eval", "probe: ; @$(filter PIP_%,$(INSTALL)) env", "probe"]
    run = subprocess.run(
        command, cwd=ROOT, env=os.environ | given, capture_output=True, text=True, check=True
    )
    used = dict(line.split("=", 1) for line in run.stdout.splitlines() if line.startswith("PIP_"))
    assert {name: used[name] for name in given} == dict.fromkeys(given, "") | {
        "PIP_USER": "0",
        "PIP_DRY_RUN": "0",
    }
    assert re.search(
        r'requirements\.txt .*\n(?:\t.*\n)*\t@\.venv/bin/python -c "import flask, granian"\n\t@touch',
        read("Makefile"),
    )


def test_the_containers_have_every_file_that_nginx_includes():
    """No container tool can run here, so the paths are compared."""
    compose = read("deploy/compose.yaml")
    included = set(re.findall(r"include (/srv/\S+);", read("deploy/nginx.conf")))
    assert len(included) == 2
    for path in included:
        assert f"- ./{path.rpartition('/')[2]}:{path}:ro\n" in compose
