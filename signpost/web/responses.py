"""How a response is passed to the server."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from typing import TYPE_CHECKING, cast

from flask import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from werkzeug.wsgi import ClosingIterator


class WholeResponse(Response):
    """A response whose body the server gets as a list, not as an iterator.

    Granian sends headers and body together if the body is a list, and separately if it is an iterator. If a worker
    died between the two, the edge would have begun to send the page and could no longer request it again.
    """

    def get_app_iter(self, environ: WSGIEnvironment) -> Iterable[bytes]:
        """Returns the body as a list, except a file's, which is sent in parts."""
        body = super().get_app_iter(environ)
        if self.direct_passthrough:
            return body
        with closing(cast("ClosingIterator", body)):
            return list(body)


class Redirect(WholeResponse):
    """A redirect to an address of this site.

    Flask's own repeats the address in a body, so its length would tell more of the address. And it takes the address apart
    with a function that remembers the last 128: a redirect that somebody got just before would be a little quicker.

    Args:
        path: the path, with a query or none, as a browser is to ask for it.
        status: the HTTP status.
    """

    def __init__(self, path: str, status: int) -> None:
        super().__init__(status=status, headers={"Location": path, "Content-Length": "0"})

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response(self.status, self.headers.to_wsgi_list())
        return []
