"""WebKit, which Safari and every browser on an iPhone are built of: its console is empty, and PDFs are shown whole."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from signpost.security.headers import policy
from tests.browser.conftest import program
from tests.browser.kinds import FILES, KINDS
from tests.other_site import Answer, other_site

pytestmark = pytest.mark.needs("gir1.2-webkit2-4.1", "python3-gi-cairo", "xvfb", "xauth")


def blank_but_dark() -> bytes:
    """A PDF of one page, which is grey all over."""
    drawing = b"0.5 g 0 0 595 842 re f"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(drawing), drawing),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj%bendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 5\n0000000000 65535 f \n%btrailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return body + end % (table, len(body))


@pytest.fixture(scope="module")
def printed():
    """Serves the PDF with the policy of files and with that of pages; and a page whose style the policy refuses."""

    def answer(path: str) -> Answer:
        headers = policy(secure=False, style="'none'", file=path == "/poster.pdf")
        if path.endswith(".pdf"):
            return Answer(blank_but_dark(), headers=headers | {"Content-Type": "application/pdf"})
        page = b"<!doctype html><style>p {color: red}</style><p>Red"
        return Answer(page, headers=headers | {"Content-Type": "text/html"})

    with other_site(answer) as address:
        yield address


@pytest.fixture(scope="module")
def seen(site: str, printed: str) -> dict[str, tuple[dict, list[str]]]:
    """What one run of WebKit saw, by address: the title and the filled part of the window, and what was on the console."""
    pages = [*(f"{site}{address}" for address in (*KINDS.values(), *FILES))]
    pages += [
        f"{printed}/{name}" for name in ("poster.pdf", "under-the-policy-of-pages.pdf", "refused-style")
    ]
    view = Path(__file__).with_name("webkit_view.py")
    command = [program("xvfb-run", "xvfb"), "-a", "/usr/bin/python3", str(view), *pages]
    run = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stdout
    found: dict[str, tuple[dict, list[str]]] = {}
    said: list[str] = []
    for line in run.stdout.splitlines():
        if line.startswith("OPEN"):
            address, said = line.removeprefix("OPEN "), []
        elif line.startswith("SEEN"):
            found[address] = json.loads(line.removeprefix("SEEN ")), said
        elif ": CONSOLE " in line:
            said.append(line)
    assert list(found) == pages
    return found


def test_no_message_is_on_the_console(seen, printed: str):
    spoken = {
        address: [line for line in said if "404" not in line]
        for address, (_, said) in seen.items()
        if not address.startswith(printed)
    }
    assert not {address: said for address, said in spoken.items() if said}
    titles = [what["title"] for what, _ in seen.values()]
    assert sum("Signpost" in (title or "") for title in titles) > 15


def test_a_pdf_fills_the_window(seen, printed: str):
    assert seen[f"{printed}/poster.pdf"][0]["filled"] > 0.8


def test_each_fault_would_be_seen(seen, printed: str):
    assert seen[f"{printed}/under-the-policy-of-pages.pdf"][0]["filled"] < 0.2
    assert seen[f"{printed}/refused-style"][1]
