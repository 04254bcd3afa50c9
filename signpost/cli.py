"""The ``flask`` commands for operators and editors."""

from __future__ import annotations

import csv
import io
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from itertools import groupby
from pathlib import Path
from typing import Any, cast

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from config import SettingsError
from signpost.checks.explain import explain
from signpost.checks.links import addresses, ask_all
from signpost.checks.markup import translation_problems
from signpost.checks.outline import script
from signpost.checks.rules import broken_rules, launch_blockers, summary
from signpost.checks.worklist import COPY, Task, has_due_tasks, worklist
from signpost.exports import badges, fields, posters
from signpost.i18n import catalogues
from signpost.models import changes, recording
from signpost.models.content import Content, unread_files
from signpost.models.errors import ContentError
from signpost.models.files import atomic_write
from signpost.models.journey import RetiredCode, UnknownCode
from signpost.security.headers import nginx_headers
from signpost.web import edge_copy, static_site
from signpost.web.errors import export_error_pages
from signpost.web.lengths import length_problems
from signpost.web.monitoring import broken_pages
from signpost.web.templating import current_minute


def english() -> Content:
    """The original content, in English."""
    return cast(Content, current_app.extensions["content"])


def init_app(app: Flask) -> None:
    """Adds the commands to ``flask``. They print UTF-8 whatever the terminal's locale is, as names and quotes need."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    for command in (
        can_serve,
        check,
        review,
        journey_map,
        record_changes,
        explain_path,
        print_nginx_headers,
        export_fallback,
        write_edge_copy,
        write_static_site,
        posters.command,
        badges.command,
        fields.command,
        catalogues.command,
    ):
        app.cli.add_command(command)


@click.command("can-serve")
@click.argument("host")
@click.argument("port", type=int)
@with_appcontext
def can_serve(host: str, port: int) -> None:
    """Check that the site can be served at HOST and PORT. If not, print why.

    Without this check Granian would retry for ever or print its own traceback. Other unusable settings, and unusable
    content, stop the app before this command runs.
    """
    try:
        current_app.config["SIGNPOST"].require_root()
        family = socket.AF_INET6 if ip_address(host).version == 6 else socket.AF_INET
        with socket.socket(family) as listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((host, port))
    except SettingsError as error:
        sys.exit(str(error))
    except ValueError:
        sys.exit(f"HOST is “{host}”: give an address to serve on, such as 127.0.0.1")
    except OSError as error:
        there = f"; {who} listens there" if (who := _listener(port)) else ""
        sys.exit(
            f"HOST is “{host}” and PORT “{port}”: give others, this is refused ({error.strerror}{there})"
        )


def _listener(port: int) -> str:
    """The process that listens on a TCP port, such as "process 4711 (python3)", or "" if it is not one of our user's.

    A worker whose main process was killed keeps the port, and keeps serving its old content.
    """
    tables = (Path(f"/proc/net/{name}") for name in ("tcp", "tcp6"))
    rows = [line.split() for table in tables if table.exists() for line in table.read_text().splitlines()[1:]]
    sockets = {
        f"socket:[{row[9]}]" for row in rows if row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == port
    }
    for file in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if sockets and str(file.readlink()) in sockets:
                process = file.parent.parent
                return f"process {process.name} ({(process / 'comm').read_text().strip()})"
    return ""


@click.command()
@with_appcontext
def check() -> None:
    """Check the content: every path against every rule, every fact, the length of every result, one page of each kind.

    If there is a problem, every problem is printed and the exit status is 1. Broken content already stops
    the app before this command runs, with the same output.
    """
    # Imported here because it loads the phone number rules of every country, which serving does not need.
    from signpost.checks.fact_checks import fact_problems

    content, folder = english(), current_app.config["SIGNPOST"].content
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    if problems := [
        *fact_problems(content, current_minute().date()),
        *translation_problems(content, folder),
        *length_problems(app),
    ]:
        sys.exit(str(ContentError(problems)))
    if broken := [f"{path}: {error!r}" for path, error in broken_pages(app, current_minute())]:
        sys.exit("\n".join(("These pages cannot be shown:", *broken)))
    click.echo(f"Signpost {current_app.config['VERSION']}")
    click.echo(f"The content is that in {folder}.")
    click.echo(f"We last checked a fact on {content.last_checked:%-d %B %Y}.")
    click.echo(summary(content))
    click.echo(f"{len(broken_rules(content))} broken rules.")
    if behind := recording.unrecorded(content):
        names = ", ".join(id_ or "the journey" for id_ in behind)
        click.echo(f"\nNot in the record of changes yet: {names}. Run: make map")
    if unread := list(unread_files(folder)):
        click.echo("\nNot read, though in the content folder:")
        for name, why in unread:
            click.echo(f"  {name}: {why}")
    blockers = launch_blockers(content)
    if blockers:
        click.echo("\nTo be confirmed before a real launch, and shown as not confirmed until then:")
        for route in blockers:
            click.echo(f"  {route.id}: {route.unconfirmed}")


@click.command()
@click.option("--within", default=30, show_default=True, help="List reviews due within this many days.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, for a spreadsheet.")
@click.option("--links", "links_too", is_flag=True, help="Check every web address instead.")
@with_appcontext
def review(within: int, as_csv: bool, links_too: bool) -> None:
    """List what to confirm, check again or find out, each with the page to check it against.

    The exit status is 1 if a check is overdue or due soon, if a web address does not answer as it should, or if the
    edge's copy of the pages is too old.
    Facts that are not confirmed or not known are listed but do not make it 1, since they may stay so for years.
    """
    if links_too:
        _review_links(as_csv)
        return
    config = current_app.config["SIGNPOST"]
    tasks = worklist(english(), config, current_minute().date(), within)
    if wrong := edge_copy.age_problem(config):
        tasks.insert(0, Task(COPY, "SIGNPOST_EDGE_COPY", wrong))
    if as_csv:
        rows = _csv_writer()
        rows.writerow(("kind", "where", "what", "page", "by"))
        rows.writerows((task.kind, task.where, task.what, task.page, task.by or "") for task in tasks)
    else:
        _print(tasks)
    sys.exit(1 if has_due_tasks(tasks) else 0)


def _csv_writer() -> Any:
    """A writer of CSV to standard output. Begins with a byte order mark: without one, Excel takes UTF-8 for Latin-1."""
    sys.stdout.write("\ufeff")
    return csv.writer(sys.stdout)


def _print(tasks: list[Task]) -> None:
    """Prints the tasks as a table, grouped by kind."""
    width = max((len(task.where) for task in tasks), default=0)
    for kind, group in groupby(tasks, key=lambda task: task.kind):
        of_kind = list(group)
        click.echo(f"\n{kind} ({len(of_kind)})")
        for task in of_kind:
            by = f"by {task.by}  " if task.by else ""
            click.echo(f"  {task.where:{width}}  {by}{task.what}")
            if task.page:
                click.echo(f"  {'':{width}}  {task.page}")


def _review_links(as_csv: bool) -> None:
    found = addresses(english())
    config = current_app.config["SIGNPOST"]
    agent = f"{config.site_name} link check ({config.contact or 'no contact given'})"
    with click.progressbar(ask_all(list(found), agent), length=len(found), file=sys.stderr) as answers:
        answered = sorted(answers, key=lambda answer: (answer.verdict, answer.address))
    wrong = [answer for answer in answered if answer.verdict != "works"]
    if wrong and not any(answer.answered for answer in answered):
        # A list of them all would look as if they were at fault.
        sys.exit(
            f"None of {len(found)} addresses could be reached ({wrong[0].detail}). Is this machine online?"
        )
    if as_csv:
        rows = _csv_writer()
        rows.writerow(("verdict", "address", "detail", "files"))
        rows.writerows((a.verdict, a.address, a.detail, " ".join(found[a.address])) for a in wrong)
    else:
        for answer in wrong:
            click.echo(f"{answer.verdict}: {answer.address}")
            click.echo(f"  {answer.detail}; in {', '.join(found[answer.address])}")
        count = Counter(answer.verdict for answer in answered)
        counts = (f"{count[v]} {v}" for v in ("works", "moved", "dead", "unreachable"))
        click.echo(f"{len(found)} addresses: {', '.join(counts)}")
    sys.exit(1 if wrong else 0)


@click.command("map")
@with_appcontext
def journey_map() -> None:
    """Print the whole journey as plain text, for reviewers to read and diff. docs/journey.md holds a copy."""
    click.echo(script(english()), nl=False)


@click.command("changes")
@click.option(
    "--same", is_flag=True, help="The program has changed, the content says the same: record no change."
)
@with_appcontext
def record_changes(same: bool) -> None:
    """Record, with today's date, what of each service and of the journey has changed, for the feed of changes."""
    content, folder = english(), current_app.config["SIGNPOST"].content
    today = current_minute().date()
    record = recording.recorded(content, today, same=same)
    if record != content.changes:
        with _writing_into(folder):
            atomic_write(folder / changes.FILE, changes.as_toml(record).encode())


@click.command("explain")
@click.argument("path")
@with_appcontext
def explain_path(path: str) -> None:
    """Explain what the answers in PATH lead to, such as n/p/o: the situation, each rule, each step.

    PATH is what follows /check/ in the address of a page.
    """
    content = english()
    codes = [code for code in path.removeprefix("/check").split("/") if code]
    try:
        walk = content.journey.follow(codes)
    except (UnknownCode, RetiredCode) as error:
        led = "/".join(error.walk.codes) or "the first question"
        sys.exit(f"“{path}” leads nowhere: it can be followed as far as {led}.")
    for line in explain(content, walk):
        click.echo(line)


@click.command("nginx-headers")
@click.option("--files", is_flag=True, help="Print those of answers that are no pages.")
@with_appcontext
def print_nginx_headers(files: bool) -> None:
    """Print the security headers as nginx configuration. deploy/headers.conf and headers-files.conf hold copies.

    The files must belong to root: nginx must not read configuration that the site can write.
    """
    click.echo(nginx_headers(current_app.extensions["stylesheet"].source, file=files), nl=False)


@contextmanager
def _writing_into(folder: Path) -> Iterator[None]:
    """Ends the command with a message that names the folder if something in it cannot be written."""
    try:
        yield
    except OSError as error:
        raise click.ClickException(f"Cannot write into {folder}: {error.strerror or error}.") from None


@click.command("export-fallback")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def export_fallback(folder: Path) -> None:
    """Write into FOLDER the error pages and static files that the edge server sends by itself."""
    with _writing_into(folder):
        export_error_pages(current_app, folder)


@click.command("edge-copy")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def write_edge_copy(folder: Path) -> None:
    """Write into FOLDER a copy of every page, for the edge to send while the site is down.

    A site with SIGNPOST_EDGE_COPY does this by itself: each day, and after a start if its pages have changed.
    """
    with _writing_into(folder), edge_copy.only_one(folder, wait=True):
        made = edge_copy.write_copy(current_app, folder)
    click.echo(f"{made.pages:,} pages, {made.size / 1_000_000:.1f} MB, in {made.seconds:.0f} s")


@click.command("static-site")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def write_static_site(folder: Path) -> None:
    """Write the whole site into FOLDER as files, for a host that runs no program.

    The address where it will lie is SIGNPOST_BASE_URL, which may have a path.
    """
    config = current_app.config["SIGNPOST"]
    if not config.base_url.startswith("https://"):
        click.echo(
            f"Its lists to keep and its sitemap name {config.base_url}. Set SIGNPOST_BASE_URL.", err=True
        )
    with _writing_into(folder):
        made = static_site.write_site(current_app, folder)
    click.echo(
        f"{made.pages:,} pages, {made.size / 1_000_000:.0f} MB, in {made.seconds:.0f} s, for {config.base_url}/"
    )
