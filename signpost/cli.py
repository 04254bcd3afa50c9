"""The operator's and the editor's commands."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from signpost import posters
from signpost.edge import export
from signpost.rules import broken_rules, launch_blockers, survey


def register(app: Flask) -> None:
    """Adds the commands to ``flask``."""
    app.cli.add_command(check)
    app.cli.add_command(export_fallback)
    app.cli.add_command(posters.command)


@click.command()
@with_appcontext
def check() -> None:
    """Check the content: walk every path, and hold it against every rule.

    A fault stops the app before this command is reached, with every fault named, and exit status 1.
    """
    guide = current_app.extensions["guide"]
    click.echo(survey(guide))
    click.echo(f"{len(broken_rules(guide))} broken rules.")
    blockers = launch_blockers(guide)
    if blockers:
        click.echo("\nTo be confirmed before a real launch, and shown as not confirmed until then:")
        for route in blockers:
            click.echo(f"  {route.id}: {route.unconfirmed}")


@click.command("export-fallback")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def export_fallback(folder: Path) -> None:
    """Write the pages and headers that the edge server answers with by itself into FOLDER."""
    export(current_app, folder)
