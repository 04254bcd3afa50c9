"""What hosts of files read besides the pages: headers and error pages, as files for each kind of host.

Netlify and Cloudflare Pages read ``_headers``, Netlify ``_redirects``, Apache ``.htaccess`` and IIS ``web.config``. The
headers are those of the served site (``security/headers.py``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from xml.sax.saxutils import quoteattr

from signpost.i18n.languages import Language

#: Paths whose type does not follow from the end of their name.
_TYPES = {"/.well-known/traffic-advice": "application/trafficadvice+json"}
#: Types that older versions of IIS do not know. It refuses files whose type it does not know.
_IIS_TYPES = {
    ".atom": "application/atom+xml",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".": "application/trafficadvice+json",
}
#: The error page for each status that a host may send by itself.
ERRORS = {400: 400, 403: 404, 404: 404, 405: 400, 410: 404, 414: 400, 500: 500, 502: 500, 503: 500}

_Headers = dict[str, str]
_WRITTEN_BY = "Written by make static, from signpost/security/headers.py"


class Hosting:
    """The headers of a static site, by pattern of path, in the form that each kind of host reads.

    No two rules give a path the same header, because hosts join the values. So what all have in common is a rule of its own.

    Args:
        headers: the headers of each path; ``/*`` at the end of a path stands for all below it.
        base_path: the path below which the site lies.
        languages: its languages.
    """

    def __init__(self, headers: dict[str, _Headers], base_path: str, languages: Collection[Language]) -> None:
        self._base_path = base_path
        self._others = [each for each in languages if each.root]
        first, *rest = headers.values()
        #: What all have in common, so that an address that does not exist gets it too.
        self._common = {
            name: value for name, value in first.items() if all(each.get(name) == value for each in rest)
        }
        self._page = self._own(headers["/"])
        self._own_of = {path: self._own(each) for path, each in headers.items()}

    def _own(self, headers: _Headers) -> _Headers:
        return {name: value for name, value in headers.items() if name not in self._common}

    def files(self) -> dict[str, str]:
        """The files, by path."""
        return {
            "_headers": self._underscore_headers(),
            "_redirects": "".join(
                f"{self._base_path}{each.root}/* {self._base_path}{each.root}/404.html 404\n"
                for each in self._others
            ),
            ".htaccess": self._htaccess(),
            "web.config": self._web_config(),
            **{
                f"{each.root[1:]}/.htaccess": f"# {_WRITTEN_BY}.\n{_lines(self._error_documents(each.root))}"
                for each in self._others
            },
        }

    def _underscore_headers(self) -> str:
        rules = [("/*", self._common), *self._own_of.items()]
        types = {path: {"Content-Type": kind} for path, kind in _TYPES.items()}
        return f"# {_WRITTEN_BY}.\n" + _lines(
            line
            for path, headers in rules
            for line in (
                f"{self._base_path}{path}",
                *(f"  {name}: {value}" for name, value in (headers | types.get(path, {})).items()),
            )
        )

    def _error_documents(self, root: str) -> Iterable[str]:
        for status, page in ERRORS.items():
            yield f"ErrorDocument {status} {self._base_path}{root}/{page}.html"

    def _htaccess(self) -> str:
        """Needs ``AllowOverride FileInfo``. Files that have headers of their own go by their names."""
        file = self._own_of["/robots.txt"]
        lines = [*self._error_documents("")]
        lines += (
            f'<Files "{path.rpartition("/")[2]}">\nForceType {kind}\n</Files>'
            for path, kind in _TYPES.items()
        )
        lines += ["<IfModule mod_headers.c>", *_set(self._common | file)]
        lines += [r'<FilesMatch "\.html$">', *_set(self._page), "</FilesMatch>"]
        by_name = {_name_of(path): headers for path, headers in self._own_of.items()}
        for name, headers in by_name.items():
            if name and headers not in (file, self._page):
                changed = {each: value for each, value in headers.items() if file.get(each) != value}
                lines += [f'<FilesMatch "{name}">', *_set(changed), "</FilesMatch>"]
        return f"# {_WRITTEN_BY}. Needs mod_headers, and AllowOverride FileInfo.\n" + _lines(lines)

    def _web_config(self) -> str:
        def add(headers: _Headers) -> list[str]:
            return [
                f"<add name={quoteattr(name)} value={quoteattr(value)} />" for name, value in headers.items()
            ]

        lines = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f"<!-- {_WRITTEN_BY}. -->",
            "<configuration>",
            "<system.webServer>",
            # The addresses of numbers to keep have a “+” in them.
            '<security><requestFiltering allowDoubleEscaping="true" /></security>',
            "<staticContent>",
            *(
                f'<remove fileExtension="{end}" /><mimeMap fileExtension="{end}" mimeType="{kind}" />'
                for end, kind in _IIS_TYPES.items()
            ),
            "</staticContent>",
            '<httpErrors errorMode="Custom" existingResponse="Replace">',
            *(
                f'<remove statusCode="{status}" /><error statusCode="{status}" path="{page}.html" responseMode="File" />'
                for status, page in ERRORS.items()
            ),
            "</httpErrors>",
            "<httpProtocol><customHeaders>",
            '<remove name="X-Powered-By" />',
            *add(self._common | self._page),
            "</customHeaders></httpProtocol>",
            "</system.webServer>",
        ]
        for path, headers in self._own_of.items():
            if headers == self._page:
                continue
            lines += [
                f'<location path="{path.removesuffix("/*").strip("/")}">',
                "<system.webServer><httpProtocol><customHeaders>",
                *(f"<remove name={quoteattr(name)} />" for name in self._page),
                *add(headers),
                "</customHeaders></httpProtocol></system.webServer>",
                "</location>",
            ]
        return _lines([*lines, "</configuration>"])


def _name_of(path: str) -> str:
    """A regular expression for the names of the files that a pattern fits; "" for pages and what all files share."""
    if path == "/static/posters/*":
        return r"\.pdf$"
    name = path.rpartition("/")[2]
    return f"^{re.escape(name)}$" if name not in ("", "*") else ""


def _set(headers: _Headers) -> Iterable[str]:
    """Headers for Apache, errors included."""
    return (f'Header always set {name} "{value}"' for name, value in headers.items())


def _lines(lines: Iterable[str]) -> str:
    return "\n".join([*lines, ""])
