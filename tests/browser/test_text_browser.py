"""A visit with a text browser, Debian's lynx, by keyboard: without style, script or cookies."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.browser.conftest import program

pytestmark = pytest.mark.needs("lynx")

PRESS = ["Right Arrow"]
#: The keys that print the page to a file, which is lynx's first print option.
PRINT = ["p", "Right Arrow", "^U", *"page.txt", "^J"]
QUIT = ["q", "y"]


def find(words: str) -> list[str]:
    """The keys that move to the next link or field with these words."""
    return ["/", *words, "^J"]


@pytest.fixture
def lynx(site: str, tmp_path: Path):
    """Opens a URL in lynx, sends it keys, and returns the text of the page that it ends on."""

    def walk(address: str, *keys: str) -> str:
        played = "".join(f"key {'<space>' if key == ' ' else key}\n" for key in [*keys, *PRINT, *QUIT])
        (tmp_path / "keys").write_text(played, "utf-8")
        # Do not pause to show messages.
        (tmp_path / "settings").write_text(
            "INFOSECS:0\nMESSAGESECS:0\nALERTSECS:0\nSET_COOKIES:FALSE\n", "utf-8"
        )
        run = subprocess.run(
            [program("lynx", "lynx"), "-nocolor", "-cmd_script=keys", "-cfg=settings", site + address],
            cwd=tmp_path,
            env={"TERM": "vt100", "HOME": str(tmp_path), "LANG": "C.UTF-8", "LINES": "40", "COLUMNS": "80"},
            capture_output=True,
            timeout=60,
            check=False,
        )
        paper = tmp_path / "page.txt"
        assert paper.exists(), run.stdout[-1500:]
        return " ".join(paper.read_text("utf-8").split())

    return walk


def test_a_worried_neighbour_comes_from_start_to_the_numbers(lynx, numbers):
    page = lynx(
        "/",
        *find("Start"),
        *PRESS,
        *find("No, not right now"),
        *PRESS,
        *find("Continue"),
        *PRESS,
        *find("Another child"),
        *PRESS,
        *find("Continue"),
        *PRESS,
        *find("Someone may be hurting"),
        *PRESS,
        *find("Continue"),
        *PRESS,
        *find("Scotland"),
        *PRESS,
        *find("Continue"),
        *PRESS,
    )
    assert "Help for a child" in page
    places = [
        page.index(f"Call {numbers[id_].number}")
        for id_ in ("999", "police-scotland", "stop-it-now", "nspcc")
    ]
    assert places == sorted(places)
    assert "18000" in page, "what waits behind a press elsewhere is not in view here"
