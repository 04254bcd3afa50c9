"""Confirms every fact in a copy of the project, as an editor would, and runs the quick tests there.

    .venv/bin/python -m tests.confirming [pytest arguments]

Only `test_errors.py`, which pins the five essential numbers, may fail.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests import ROOT

CONTENT = "signpost/content"
ESSENTIAL = ("999", "police", "childline", "stop-it-now", "samaritans")
#: The day on which it is done.
TODAY = datetime.now(UTC).date()


def _replaced(text: str, pattern: str, new: str | Callable[[re.Match[str]], str], count: int = 0) -> str:
    changed, times = re.subn(pattern, new, text, count=count, flags=re.MULTILINE)
    assert times, f"nothing like {pattern}: plant this another way"
    return changed


def confirmed(text: str) -> str:
    """The text of a service's file after the operator has read every fact on the service's own page today."""
    text = text.replace("first_party = true\n", "")
    text = _replaced(text, r"^checked = .*$", f"checked = {TODAY}\nfirst_party = true")
    # A source without an address cannot be read again, so facts from it stay as they are.
    bare = re.findall(r'^\[sources\.(.+)\]\ntitle = .*\naddress = ""$', text, re.MULTILINE)
    cited = rf'(source = "(?!(?:{"|".join(bare) or "-"})")[^"]*"(?:\n|, ))confidence = "(?:medium|low|unconfirmed)"'
    text = re.sub(cited, r'\1confidence = "high"', text)
    doubts = re.search(r'confidence = "(?!high)', text)
    return text if doubts else re.sub(r"^unconfirmed = .*\n", "", text, flags=re.MULTILINE)


def other_numbers(texts: dict[Path, str]) -> dict[str, str]:
    """A changed number for each number that has an area code, except the essential ones: by the current number."""
    found = {
        text: set(re.findall(r'^number = "((?:0|\+44)[^"]+)"$', text, re.MULTILINE))
        for text in texts.values()
    }
    kept = {number for file, text in texts.items() if file.stem in ESSENTIAL for number in found[text]}
    every = {number for numbers in found.values() for number in numbers} - kept
    return {number: f"{number[:-1]}{(int(number[-1]) + 1) % 10}" for number in every}


def other_words(text: str) -> str:
    """The text of a file with other titles of sources, and with lines that open half an hour later."""
    text = _replaced(text, r'^title = "', 'title = "Once more: ')
    return re.sub(r"(\d\d):00-", r"\1:30-", text)


def change(folder: Path) -> None:
    """Confirms every service, and changes numbers, titles and hours; the five essential numbers stay."""
    texts = {file: file.read_text("utf-8") for file in sorted((folder / CONTENT).rglob("*.toml"))}
    services = {file: text for file, text in texts.items() if file.parent.name == "routes"}
    numbers = other_numbers(services)
    for file, text in texts.items():
        if file in services:
            text = other_words(confirmed(text))
        for old, new in numbers.items():
            text = text.replace(old, new)
        file.write_text(text, "utf-8")


def main(arguments: list[str]) -> int:
    """Runs the tests on a changed copy, and returns pytest's exit status."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "signpost"
        files = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        for name in filter(None, files.stdout.split("\0")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
        change(folder)
        flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
        subprocess.run([*flask, "check"], cwd=folder, check=True)
        with (folder / "docs/journey.md").open("wb") as file:
            subprocess.run([*flask, "map"], cwd=folder, stdout=file, check=True)
        subprocess.run([*flask, "changes"], cwd=folder, check=True)
        lanes = arguments or ["tests/app", "tests/content", "tests/unit", "-m", "not slow and not needs"]
        return subprocess.run([sys.executable, "-m", "pytest", *lanes], cwd=folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
