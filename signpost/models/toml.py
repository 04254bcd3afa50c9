"""Reads the content's TOML files into frozen dataclasses, and reports every problem found."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

from cattrs import ClassValidationError, Converter, ForbiddenExtraKeysError, transform_error

from signpost.models.errors import ContentProblem, InvalidValue
from signpost.models.toml_hints import hint

T = TypeVar("T")


def _origin(kind: Any) -> Any:
    """``get_origin`` for any type. Without this, mypy infers ParamSpec for its result."""
    return get_origin(kind)


def _converter() -> Converter:
    """A strict converter. By default, cattrs converts wrong types and ignores unknown keys."""
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    for kind, words, fix in (
        (str, "text in quotation marks", "Write it so."),
        (bool, "true or false", "Write it so."),
        (int, "a whole number", "Write it so."),
        (date, "a date", "Write it without quotation marks, such as 2026-11-30."),
    ):

        def exact(value: Any, _: type, kind: type = kind, words: str = words, fix: str = fix) -> Any:
            if type(value) is not kind:
                raise InvalidValue(f"“{value}” should be {words}.", fix)
            return value

        converter.register_structure_hook(kind, exact)

    def one_of(value: Any, literal: Any) -> Any:
        allowed = get_args(literal)
        if value not in allowed:
            raise InvalidValue(
                f"“{value}” is not known here.{did_you_mean(value, allowed)}",
                f"Write one of {', '.join(allowed)}.",
            )
        return value

    converter.register_structure_hook_func(lambda kind: _origin(kind) is Literal, one_of)

    def many(value: Any, kind: Any) -> Any:
        if not isinstance(value, list):
            raise InvalidValue(f"“{value}” should be a list.", "Put square brackets around it.")
        return tuple(converter.structure(each, get_args(kind)[0]) for each in value)

    converter.register_structure_hook_func(
        lambda kind: _origin(kind) is tuple and not _is_table(get_args(kind)[0]), many
    )
    converter.register_structure_hook_func(
        lambda kind: _origin(kind) is frozenset, lambda value, kind: frozenset(many(value, kind))
    )
    # A type that is written as one string, such as a span of hours, has its own ``from_text``.
    converter.register_structure_hook_func(
        lambda kind: hasattr(kind, "from_text"),
        lambda value, kind: kind.from_text(converter.structure(value, str)),
    )
    return converter


def _is_table(kind: Any) -> bool:
    return is_dataclass(kind) and not hasattr(kind, "from_text")


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """The question "Did you mean “…”?" with the closest known word, or "" if no word is close."""
    close = get_close_matches(str(word), list(known), n=1)
    return f" Did you mean “{close[0]}”?" if close else ""


def _format_error(error: BaseException, _: type | None) -> str:
    """An error of cattrs worded for an editor: the problem, a line break, the fix."""
    match error:
        case KeyError():
            return f"“{error.args[0]}” is missing.\nAdd it; docs/content-fields.md says what it is for."
        case ForbiddenExtraKeysError():
            known = tuple(field.name for field in fields(error.cl))
            unknown = sorted(error.extra_fields)
            return (
                " ".join(f"“{name}” is not known here.{did_you_mean(name, known)}" for name in unknown)
                + "\nCorrect the name, or take it out."
            )
        case InvalidValue():
            return f"{error}\n{error.fix}"
        case _:
            return "It does not have the shape it should have.\nCompare it with its neighbours."


_CONVERTER = _converter()


#: A name that can be part of a URL.
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def read_file(folder: Path, file: str, kind: type[T], problems: list[ContentProblem]) -> T | None:
    """Reads a whole file as a ``kind``. If it cannot be read, adds to ``problems`` and returns None."""
    table = _toml(folder, file, problems)
    return None if table is None else _build(kind, table, file, "", problems)


def read_tables(folder: Path, file: str, kind: type[T], problems: list[ContentProblem]) -> dict[str, T]:
    """Reads each table of a file as a ``kind``, by the table's name, in the order of the file."""
    tables = _toml(folder, file, problems) or {}
    built = {name: _named(kind, name, table, file, name, problems) for name, table in tables.items()}
    return {name: each for name, each in built.items() if each is not None}


def read_folder(folder: Path, name: str, kind: type[T], problems: list[ContentProblem]) -> dict[str, T]:
    """Reads each file of a folder as a ``kind``, by the file's name without its extension."""
    built = {}
    for file in files_in(folder, name, problems):
        table = _toml(folder, file, problems)
        stem = file.removeprefix(f"{name}/").removesuffix(".toml")
        each = None if table is None else _named(kind, stem, table, file, "", problems)
        if each is not None:
            built[stem] = each
    return built


def files_in(folder: Path, name: str, problems: list[ContentProblem]) -> list[str]:
    """The TOML files in a subfolder of the content, sorted. Empty, with a problem added, if it cannot be read.

    Hidden files are left out: editors and file managers write them beside the file that they are about.
    """
    try:
        names = [path.name for path in (folder / name).iterdir() if path.suffix == ".toml"]
        return sorted(f"{name}/{each}" for each in names if not each.startswith("."))
    except OSError as error:
        problem = f"The folder cannot be read: {error.strerror}."
        problems.append(ContentProblem(f"{name}/", "", problem, f"Put it back in {folder}."))
        return []


def _toml(folder: Path, file: str, problems: list[ContentProblem]) -> dict[str, Any] | None:
    """The parsed file; None, with a problem added, if it is missing or is not TOML."""
    path, text = folder / file, ""
    try:
        if path.exists() and not path.is_file():  # reading a named pipe, for example, would never end
            problems.append(ContentProblem(file, "", "It is not a file.", "Put a text file in its place."))
            return None
        # Some editors write a byte order mark, which TOML does not allow: "utf-8-sig" skips it.
        text = path.read_text("utf-8-sig")
        return tomllib.loads(text)
    except FileNotFoundError:
        problems.append(ContentProblem(file, "", "The file is missing.", f"Put it back in {folder}."))
    except OSError as error:
        fix = "Look at what it is, and who may read it."
        problems.append(ContentProblem(file, "", f"It cannot be read: {error.strerror}.", fix))
    except UnicodeDecodeError:
        problems.append(ContentProblem(file, "", "It cannot be read: it is not UTF-8.", "Save it as UTF-8."))
    except RecursionError:
        problems.append(ContentProblem(file, "", "It cannot be read: too many brackets.", "Take some out."))
    except ValueError as error:  # tomllib's own error, or that of a number with too many digits
        problems.append(ContentProblem(file, "", f"It cannot be read: {error}.", hint(str(error), text)))
    return None


def _named(
    kind: type[T], name: str, table: Any, file: str, entry: str, problems: list[ContentProblem]
) -> T | None:
    """Builds a ``kind`` whose ``id`` is the name of its table or file, so the table may not contain ``id``."""
    if not _NAME.fullmatch(name):
        fix = "Use small letters, digits and single hyphens."
        problems.append(ContentProblem(file, entry, f"“{name}” cannot be part of an address.", fix))
    elif not isinstance(table, dict):
        problems.append(
            ContentProblem(file, entry, "It should be a table.", f"Write [{name}] on a line above it.")
        )
    elif "id" in table:
        problems.append(
            ContentProblem(file, entry, "“id” is not known here.", "Take it out: the name is the id.")
        )
    else:
        return _build(kind, {"id": name, **table}, file, entry, problems)
    return None


def _numbered(path: str) -> str:
    """A path of cattrs with entries of lists numbered as editors count: "contacts[0].hours" is "contact 1, hours"."""
    return re.sub(
        r"(\w+?)s?\[(\d+)\](\.?)", lambda at: f"{at[1]} {int(at[2]) + 1}{', ' if at[3] else ''}", path
    )


def _build(
    kind: type[T], table: dict[str, Any], file: str, entry: str, problems: list[ContentProblem]
) -> T | None:
    """Builds a ``kind`` from a table; None, with a problem added for everything wrong, if it cannot."""
    try:
        return _CONVERTER.structure(table, kind)
    except ClassValidationError as error:
        for text in transform_error(error, format_exception=_format_error):
            words, _, path = text.rpartition(" @ $")
            problem, _, fix = words.partition("\n")
            place = ", ".join(filter(None, [entry, _numbered(path.removeprefix("."))]))
            problems.append(ContentProblem(file, place, problem, fix))
    return None
