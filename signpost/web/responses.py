"""How a response is handed to the server."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from typing import TYPE_CHECKING, cast

from flask import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.wsgi import ClosingIterator


class WholeResponse(Response):
    """A response that the server gets whole.

    Granian sends the headers and the body of a list at once, and those of an iterator one after the other. A worker
    that died between the two would break off a page that the edge has begun to send, and can't request again.
    """

    def get_app_iter(self, environ: WSGIEnvironment) -> Iterable[bytes]:
        """Returns the body as a list, except a file's, which is sent in parts."""
        body = super().get_app_iter(environ)
        if self.direct_passthrough:
            return body
        with closing(cast("ClosingIterator", body)):
            return list(body)
