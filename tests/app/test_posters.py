"""Posters and cards: their QR codes scan, they are tagged for screen readers, and they say what the content says."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from signpost.exports import posters
from signpost.exports.posters import make
from tests.content.test_words import TELLING
from tests.planting import plant, site

pytestmark = pytest.mark.needs("posters")

BASE = "https://signpost.example"
#: Dots per inch, far below what any phone's camera sees of a page held in front of it.
DPI = 150
A4 = (595, 842)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with every PDF in both languages, made once."""
    path = tmp_path_factory.mktemp("posters")
    make(site(BASE_URL=BASE, OPERATOR="The Test Trust", LANGUAGES="en cy"), path)
    return path


@pytest.fixture(scope="module")
def printed(folder) -> dict[str, Path]:
    """The English PDFs, by name."""
    return {path.stem: path for path in sorted(folder.glob("*.pdf")) if not path.stem.startswith("cy-")}


def words(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return " ".join(document[0].get_textpage().get_text_range().split())


def scanned(path: Path) -> list[tuple[str, float]]:
    """Each QR code on a page printed at full size: its text, and its width in millimetres."""
    with pypdfium2.PdfDocument(path) as document:
        image = document[0].render(scale=DPI / 72).to_pil().convert("L")
    found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
    return [
        (code.text, abs(code.position.top_right.x - code.position.top_left.x) / DPI * 25.4) for code in found
    ]


def test_there_is_a_poster_and_a_sheet_of_cards_in_colour_and_black_for_each_group(printed, content):
    groups = {id_ for id_, entry in content.journey.entries.items() if entry.poster}
    assert groups >= {"parents", "young-people", "work", "yourself", "someone-you-know", "seen-online"}
    kinds = [f"{kind}-{ink}" for kind in ("poster", "cards") for ink in ("colour", "black")]
    assert printed.keys() == {f"{group}-{kind}" for group in groups for kind in kinds}
    for path in printed.values():
        with pypdfium2.PdfDocument(path) as document:
            assert len(document) == 1, path.name
            assert tuple(round(side) for side in document[0].get_size()) == A4


def test_every_code_scans_at_its_printed_size_and_leads_to_its_group(printed):
    for name, path in printed.items():
        group, kind, _ = re.fullmatch(r"(.+)-(poster|cards)-(.+)", name).groups()
        found = scanned(path)
        assert [text for text, _ in found] == [f"{BASE}/for/{group}"] * (10 if kind == "cards" else 1), name
        assert min(width for _, width in found) >= (18 if kind == "cards" else 38), name


def test_the_address_stands_there_in_words_too(printed):
    for name, path in printed.items():
        group = re.sub(r"-(poster|cards)-.*", "", name)
        assert f"signpost.example/for/{group}" in words(path).replace("- ", "-").replace("/ ", "/"), name


def test_posters_print_the_numbers_as_the_content_has_them(printed, content):
    for entry in content.journey.entries.values():
        for id_ in entry.poster.routes if entry.poster else ():
            route = content.directory.routes[id_]
            for ink in ("colour", "black"):
                text = words(printed[f"{entry.id}-poster-{ink}"])
                assert route.name in text
                assert route.primary_contact.text in text
                assert "The Test Trust" in text


def test_danger_comes_with_every_poster_and_card(printed):
    for name, path in printed.items():
        assert words(path).count("In danger now? Call 999") == (10 if "cards" in name else 1), name


def test_no_card_reveals_the_subject(printed, content):
    names = {route.name for route in content.directory.routes.values()} - {"999"}
    for name, path in printed.items():
        if "cards" in name:
            text = words(path).partition("Cut along the lines.")[2]
            assert text
            assert not TELLING.search(text)
            assert not re.search(r"child|worried|thought|look at|police", text, re.IGNORECASE), name
            assert not [each for each in names if each in text]


def test_every_file_is_tagged_for_screen_readers(printed):
    """Checks what a program can check of PDF/UA. People must listen to them being read aloud."""
    for name, path in printed.items():
        with pikepdf.open(path) as pdf:
            root = pdf.Root
            assert root.MarkInfo.Marked
            assert str(root.Lang) == "en-GB"
            assert root.ViewerPreferences.DisplayDocTitle
            with pdf.open_metadata() as metadata:
                assert metadata["pdfuaid:part"] == "1", name
                assert "Signpost" in metadata["dc:title"]
            tags = list(elements(root.StructTreeRoot))
            kinds = [str(tag.S) for tag in tags]
            assert kinds.count("/H1") == 1, name
            figures = [tag for tag in tags if tag.S == "/Figure"]
            assert len(figures) == (10 if "cards" in name else 1), name
            assert all(str(tag.Alt).startswith("A code to scan") for tag in figures), name
            if "poster" in name:
                assert kinds.count("/LI") >= 2
            for font in fonts(pdf):
                assert "/ToUnicode" in font, "its letters cannot be read out"
                (inner,) = font.DescendantFonts
                assert {"/FontFile2", "/FontFile3"} & set(inner.FontDescriptor.keys()), (
                    "a font is not in the file"
                )


def elements(node):
    """Every element of a structure tree, in reading order."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def fonts(pdf):
    found = list(pdf.pages[0].Resources.Font.values())
    assert found
    return found


def test_the_black_ones_use_no_colour(printed):
    for name, path in printed.items():
        with pypdfium2.PdfDocument(path) as document:
            image = document[0].render(scale=0.5).to_pil().convert("RGB")
        coloured = sum(count for count, shade in image.getcolors(1 << 24) if max(shade) - min(shade) > 12)
        assert (coloured == 0) == name.endswith("-black"), (name, coloured)


def test_the_same_content_makes_the_same_files(printed, tmp_path, monkeypatch):
    """Otherwise a folder under version control would change with every run."""
    wanted = posters.sheets
    monkeypatch.setattr(posters, "sheets", lambda app, qr: list(wanted(app, qr))[:2])
    for path in make(site(BASE_URL=BASE, OPERATOR="The Test Trust"), tmp_path):
        assert path.read_bytes() == printed[path.stem].read_bytes()


def test_what_was_made_is_ready_and_stops_being_so_when_making_fails(folder, tmp_path, monkeypatch):
    app = site(BASE_URL=BASE, OPERATOR="The Test Trust", LANGUAGES="en cy")
    (tmp_path / "posters").mkdir()
    (tmp_path / "posters" / "made-from.txt").write_text((folder / "made-from.txt").read_text())
    app.static_folder = str(tmp_path)
    assert posters.ready(app)

    def fail(*_args, **_kwargs):
        raise OSError

    monkeypatch.setattr("weasyprint.HTML.render", fail)
    with pytest.raises(OSError, match=r"^$"):
        make(app, tmp_path / "posters")
    assert posters.ready(app) == []


def test_what_does_not_fit_on_a_page_is_not_made(tmp_path):
    folder = plant(
        tmp_path, "entries.toml", "You do not have to be sure.", "You do not have to be sure. " * 60
    )
    done = site(BASE_URL=BASE, CONTENT=folder)
    with pytest.raises(posters.DoesNotFit, match=r"^parents-poster-colour.pdf does not fit on its page\."):
        make(done, tmp_path / "made")
    assert not (tmp_path / "made" / "made-from.txt").exists()


def test_make_posters_says_what_it_made(tmp_path, monkeypatch):
    wanted = posters.sheets
    monkeypatch.setattr(posters, "sheets", lambda app, qr: list(wanted(app, qr))[:1])
    app = site(BASE_URL=BASE)
    app.static_folder = str(tmp_path)
    done = app.test_cli_runner().invoke(args=["posters"])
    assert done.output.startswith(f"Made for {BASE}, in static/posters: 1.")
    assert (tmp_path / "posters" / "parents-poster-colour.pdf").is_file()


def test_none_are_made_for_an_address_that_leads_nowhere(runner):
    done = runner.invoke(args=["posters"])
    assert done.exit_code == 1
    assert "make posters SIGNPOST_BASE_URL=https://example.org" in done.output


def test_there_are_as_many_in_welsh_and_they_fit(folder, printed):
    assert {path.stem for path in folder.glob("cy-*.pdf")} == {f"cy-{name}" for name in printed}
    poster = folder / "cy-parents-poster-colour.pdf"
    assert "Sganiwch y cod" in words(poster)
    assert {text for text, _ in scanned(poster)} == {f"{BASE}/cy/for/parents"}
