"""Reading the content's TOML files into frozen dataclasses, and naming every fault on the way."""

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

from signpost.faults import Fault, Wrong

T = TypeVar("T")


def _origin(kind: Any) -> Any:
    return get_origin(kind)


def _converter() -> Converter:
    """A converter that refuses what it does not know, where cattrs by itself would coerce or ignore."""
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    for kind, words, mend in (
        (str, "text in quotation marks", "Write it so."),
        (bool, "true or false", "Write it so."),
        (int, "a whole number", "Write it so."),
        (date, "a date", "Write it without quotation marks, such as 2026-11-30."),
    ):

        def exact(value: Any, _: type, kind: type = kind, words: str = words, mend: str = mend) -> Any:
            if type(value) is not kind:
                raise Wrong(f"“{value}” should be {words}.", mend)
            return value

        converter.register_structure_hook(kind, exact)

    def one_of(value: Any, literal: Any) -> Any:
        allowed = get_args(literal)
        if value not in allowed:
            raise Wrong(
                f"“{value}” is not known here.{perhaps(value, allowed)}",
                f"Write one of {', '.join(allowed)}.",
            )
        return value

    converter.register_structure_hook_func(lambda kind: _origin(kind) is Literal, one_of)

    def many(value: Any, kind: Any) -> Any:
        if not isinstance(value, list):
            raise Wrong(f"“{value}” should be a list.", "Put square brackets around it.")
        return tuple(converter.structure(each, get_args(kind)[0]) for each in value)

    converter.register_structure_hook_func(
        lambda kind: _origin(kind) is tuple and not _is_table(get_args(kind)[0]), many
    )
    # What is more than a word but is written as one says itself how it is read.
    converter.register_structure_hook_func(
        lambda kind: hasattr(kind, "from_text"),
        lambda value, kind: kind.from_text(converter.structure(value, str)),
    )
    return converter


def _is_table(kind: Any) -> bool:
    return is_dataclass(kind) and not hasattr(kind, "from_text")


def perhaps(word: object, known: Iterable[str]) -> str:
    """The known word that is nearest to one that is not, as a question behind a fault; "" if none is near."""
    close = get_close_matches(str(word), list(known), n=1)
    return f" Did you mean “{close[0]}”?" if close else ""


def _say(error: BaseException, _: type | None) -> str:
    """An error of cattrs in an editor's words: the problem, a line end, the mend."""
    match error:
        case KeyError():
            return f"“{error.args[0]}” is missing.\nAdd it; docs/editing.md says what it is for."
        case ForbiddenExtraKeysError():
            known = tuple(field.name for field in fields(error.cl))
            unknown = sorted(error.extra_fields)
            return (
                " ".join(f"“{name}” is not known here.{perhaps(name, known)}" for name in unknown)
                + "\nCorrect the name, or take it out."
            )
        case Wrong():
            return f"{error}\n{error.mend}"
        case _:
            return "It does not have the shape it should have.\nCompare it with its neighbours."


_CONVERTER = _converter()


#: A name that is part of an address.
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def read_file(folder: Path, file: str, kind: type[T], faults: list[Fault]) -> T | None:
    """The whole file as a ``kind``; None, with faults, if it cannot be."""
    table = _toml(folder, file, faults)
    return None if table is None else _build(kind, table, file, "", faults)


def read_tables(folder: Path, file: str, kind: type[T], faults: list[Fault]) -> dict[str, T]:
    """Each table of a file as a ``kind``, by its name, in the order of the file."""
    tables = _toml(folder, file, faults) or {}
    built = {name: _named(kind, name, table, file, name, faults) for name, table in tables.items()}
    return {name: each for name, each in built.items() if each is not None}


def read_folder(folder: Path, name: str, kind: type[T], faults: list[Fault]) -> dict[str, T]:
    """Each file of a folder as a ``kind``, by the file's name without its ending."""
    built = {}
    for file in files_in(folder, name, faults):
        table = _toml(folder, file, faults)
        stem = file.removeprefix(f"{name}/").removesuffix(".toml")
        each = None if table is None else _named(kind, stem, table, file, "", faults)
        if each is not None:
            built[stem] = each
    return built


def files_in(folder: Path, name: str, faults: list[Fault]) -> list[str]:
    """The content files in a folder of the content folder, in order; none, with a fault, if it cannot be read."""
    try:
        return sorted(f"{name}/{path.name}" for path in (folder / name).iterdir() if path.suffix == ".toml")
    except OSError as error:
        problem = f"The folder cannot be read: {error.strerror}."
        faults.append(Fault(f"{name}/", "", problem, f"Put it back in {folder}."))
        return []


def _toml(folder: Path, file: str, faults: list[Fault]) -> dict[str, Any] | None:
    """The table in a file; None, with a fault, if it is missing or is not TOML."""
    path = folder / file
    try:
        if path.exists() and not path.is_file():  # to read some of these would take for ever
            faults.append(Fault(file, "", "It is not a file.", "Put a text file in its place."))
            return None
        # Some editors put a mark in front of the text that TOML does not know ("utf-8-sig").
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        faults.append(Fault(file, "", "The file is missing.", f"Put it back in {folder}."))
    except OSError as error:
        mend = "Look at what it is, and who may read it."
        faults.append(Fault(file, "", f"It cannot be read: {error.strerror}.", mend))
    except UnicodeDecodeError:
        faults.append(Fault(file, "", "It cannot be read: it is not UTF-8.", "Save it as UTF-8."))
    except RecursionError:
        faults.append(Fault(file, "", "It cannot be read: too many brackets.", "Take some out."))
    except ValueError as error:  # tomllib's own, and that of a number too long
        mend = "Look at that line: a quotation mark or bracket?"
        faults.append(Fault(file, "", f"It cannot be read: {error}.", mend))
    return None


def _named(kind: type[T], name: str, table: Any, file: str, entry: str, faults: list[Fault]) -> T | None:
    """A ``kind`` that is known by a name: the name of its table or file, which it may not give itself."""
    if not _NAME.fullmatch(name):
        mend = "Use small letters, digits and single hyphens."
        faults.append(Fault(file, entry, f"“{name}” cannot be part of an address.", mend))
    elif not isinstance(table, dict):
        faults.append(Fault(file, entry, "It should be a table.", f"Write [{name}] on a line above it."))
    elif "id" in table:
        faults.append(Fault(file, entry, "“id” is not known here.", "Take it out: the name is the id."))
    else:
        return _build(kind, {"id": name, **table}, file, entry, faults)
    return None


def _build(kind: type[T], table: dict[str, Any], file: str, entry: str, faults: list[Fault]) -> T | None:
    """A ``kind`` made from a table; None, with a fault for everything wrong in it, if it cannot be."""
    try:
        return _CONVERTER.structure(table, kind)
    except ClassValidationError as error:
        for text in transform_error(error, format_exception=_say):
            words, _, path = text.rpartition(" @ $")
            problem, _, mend = words.partition("\n")
            place = ", ".join(filter(None, [entry, path.removeprefix(".")]))
            faults.append(Fault(file, place, problem, mend))
    return None
