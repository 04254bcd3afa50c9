"""Says what is probably wrong with a file that is not TOML, in words for an editor."""

from __future__ import annotations

import re

_PLACE = re.compile(r"at line (\d+), column (\d+)")
#: Quotation marks of a word processor around a value, where TOML needs straight ones.
_CURLY = re.compile(r"[=\[,]\s*[“”„‘’]")
_WORD = re.compile(r"=\s*(yes|no|on|off|True|False|TRUE|FALSE)\b")
_DATE = re.compile(r"=\s*(\d{1,2}[ ./-](\d{1,2}|[A-Za-z]+)[ ./-]\d{2,4})")
_BARE = re.compile(r"=\s*([^\s\"'\[{\d])")
_LINE = 70


def hint(error: str, text: str) -> str:
    """What to do about an error of tomllib, by its most likely cause, with the line it is about.

    Args:
        error: the message of the error.
        text: the whole file.
    """
    lines = text.splitlines() or [""]
    place = _PLACE.search(error)
    number, column = (int(place[1]), int(place[2])) if place else (len(lines), 0)
    line = lines[min(number, len(lines)) - 1]
    shown = line.strip() if len(line.strip()) <= _LINE else f"{line.strip()[:_LINE]}…"
    quoted = f" Line {number} is: {shown}" if place and shown else ""
    return _cause(error, line, column, number) + quoted


def _cause(error: str, line: str, column: int, number: int) -> str:
    if line.startswith(("<<<<<<< ", "=======", ">>>>>>> ")):
        return "Git found two versions of these lines. Keep one of them, and take Git’s marks out; of a file that a command writes, keep either whole, and run the command."
    rest = line[max(column - 1, 0) :]
    if _CURLY.search(line):
        return 'Replace the curly quotation marks around the text by straight ones: "text".'
    if word := _WORD.search(line):
        return f"Write true or false, in small letters and without quotation marks, for “{word[1]}”."
    if "Invalid date" in error:
        return "There is no such day or time. Write a date such as 2026-11-30."
    if day := _DATE.search(line):
        return f"Write the date year first, such as 2026-11-30, for “{day[1]}”."
    if "twice" in error or "overwrite" in error or "Duplicate" in error:
        return "The same name stands twice in one table. Take one out, or begin a new table above it."
    if "Illegal character '\\n'" in error:
        return "A quotation mark is missing at the end of the text in that line."
    if "Illegal character" in error:
        return "Take the invisible character out of that line: type the words anew."
    if "Unescaped" in error:
        return "Write each backslash twice, or leave it out."
    if "Unterminated string" in error or 'Expected "\'"' in error:
        return "A text that begins with a quotation mark has no end. Add the quotation mark."
    if "Unclosed" in error or "key part" in error:
        return _unclosed(error, rest, number)
    if "Expected ']'" in error:
        return "The name of a table stands in brackets: [name], or [[name]] for one of several."
    if "Expected '='" in error:
        return 'An equals sign is missing: name = "text". A name has only letters a to z, digits, - and _.'
    if "Expected newline" in error:
        before = line[: max(column - 1, 0)]
        if before.count('"') >= 2:
            return "Something follows the end of a text. For a quotation inside it use “ and ”; a new field needs a new line."
        return "Put quotation marks around the value, or begin a new line."
    if "Invalid value" in error:
        if _BARE.search(line):
            return "Put straight quotation marks around the text after the equals sign."
        return "Write a value after the equals sign."
    return "Look at that line: a quotation mark or bracket?"


def _unclosed(error: str, rest: str, number: int) -> str:
    """What is wrong in a list or an inline table."""
    where = f"at the end of line {number - 1}" if not rest.strip() or rest == rest.lstrip() else ""
    if "array" in error:
        if rest.lstrip().startswith(('"', "{", "'")):
            return f"A comma is missing between two entries of a list, perhaps {where or 'in this line'}."
        return "A list has no end. Add “]” after its last entry, or a comma before the next."
    if "key part" in error:
        return "What stands in { } must be in one line, with no comma before the “}”."
    return "In { } a comma is missing between two fields, or the “}” at the end."
