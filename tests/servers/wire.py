"""A browser as an observer of the network sees it: counts the encrypted bytes of each response."""

from __future__ import annotations

import gzip
import socket
import ssl
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import brotli

#: Indices of HPACK's static table (RFC 7541, appendix A).
_DATE = 33
_END_STREAM, _END_HEADERS = 0x1, 0x4
_DATA, _HEADERS, _SETTINGS, _WINDOW_UPDATE = 0x0, 0x1, 0x4, 0x8
#: Fewer than nginx allows one connection (keepalive_requests: 1,000).
_MOST_REQUESTS = 900
#: The first bytes that an HTTP/2 client sends.
HELLO = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Seen:
    """One response.

    Attributes:
        records: the length of each of its TLS records, with their five bytes of header.
        date: how many of these bytes hold the date. Over HTTP/2 their number depends on the second, and on nothing else.
        body: the decrypted body.
    """

    records: tuple[int, ...]
    date: int
    body: bytes

    @property
    def length(self) -> int:
        """All the bytes of the response except those that depend only on the second."""
        return sum(self.records) - self.date


class Line:
    """A TLS connection to a server on this machine. Opens a new one after many requests.

    Args:
        port: where the server listens.
        protocol: ``h2`` or ``http/1.1``.
        version: the version of TLS.
        coding: the only content coding that the browser accepts, or ``identity``.
    """

    def __init__(self, port: int, protocol: str, version: ssl.TLSVersion, coding: str) -> None:
        self.protocol = protocol
        self.coding = coding
        self._port = port
        self._context = ssl._create_unverified_context()
        self._context.minimum_version = self._context.maximum_version = version
        self._context.set_alpn_protocols([protocol])
        self._connect()

    def _connect(self) -> None:
        self._sock = socket.create_connection(("127.0.0.1", self._port), timeout=5)
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = self._context.wrap_bio(self._in, self._out, server_hostname="example.org")
        self._raw = b""  # the beginning of an incomplete record
        self._records: list[int] = []
        self._plain = b""
        self._stream = 1
        self._requests = 0
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                self._flush()
                self._receive()
            else:
                break
        assert self._tls.selected_alpn_protocol() == self.protocol
        if self.protocol == "h2":
            settings = b"\0\4" + (2**31 - 1).to_bytes(
                4, "big"
            )  # INITIAL_WINDOW_SIZE: the server never has to wait
            self._send(HELLO + frame(_SETTINGS, settings))
            self._send(frame(_WINDOW_UPDATE, (2**30).to_bytes(4, "big")))
            self.get("/")  # after this, everything about the connection itself has arrived

    def get(self, path: str) -> Seen:
        """Requests a path, and returns what an observer saw of the response."""
        if self._requests == _MOST_REQUESTS:
            self._sock.close()
            self._connect()
        self._requests += 1
        self._records.clear()
        date, body = self._over_http_2(path) if self.protocol == "h2" else self._over_http_1(path)
        assert not self._plain, "more came than the answer"
        return Seen(tuple(self._records), date, self._readable(body))

    def _readable(self, body: bytes) -> bytes:
        if not body or self.coding == "identity":
            return body
        return brotli.decompress(body) if self.coding == "br" else gzip.decompress(body)

    def _over_http_2(self, path: str) -> tuple[int, bytes]:
        self._send(request(path, self.coding, self._stream))
        date, body, ended = 0, b"", False
        while not ended:
            head = self._take(9)
            kind, flags, stream = head[3], head[4], int.from_bytes(head[5:], "big")
            content = self._take(int.from_bytes(head[:3], "big"))
            if stream != self._stream:
                continue
            if kind == _HEADERS:
                date = _fields(content)[_DATE]
            elif kind == _DATA:
                body += content
            ended = bool(flags & _END_STREAM)
        self._stream += 2
        return date, body

    def _over_http_1(self, path: str) -> tuple[int, bytes]:
        self._send(
            f"GET {path} HTTP/1.1\r\nHost: example.org\r\nAccept-Encoding: {self.coding}\r\n\r\n".encode()
        )
        while b"\r\n\r\n" not in self._plain:
            self._more()
        head, _, self._plain = self._plain.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().lower().split("\r\n")[1:])
        return len(headers["date"]), self._take(int(headers["content-length"]))

    def _take(self, number: int) -> bytes:
        while len(self._plain) < number:
            self._more()
        taken, self._plain = self._plain[:number], self._plain[number:]
        return taken

    def _more(self) -> None:
        try:
            came = self._tls.read(65536)
        except ssl.SSLWantReadError:
            self._receive()
        else:
            assert came, "the server ended the connection"
            self._plain += came

    def _send(self, sent: bytes) -> None:
        self._tls.write(sent)
        self._flush()

    def _flush(self) -> None:
        self._sock.sendall(self._out.read())

    def _receive(self) -> None:
        came = self._sock.recv(65536)
        assert came, "the server hung up"
        self._in.write(came)
        self._raw += came
        while len(self._raw) >= 5 and len(self._raw) >= (whole := 5 + int.from_bytes(self._raw[3:5], "big")):
            self._records.append(whole)
            self._raw = self._raw[whole:]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sock.close()


def request(path: str, coding: str, stream: int) -> bytes:
    """The HTTP/2 frame that requests a path."""
    named = {":method": "GET", ":scheme": "https", ":authority": "example.org", ":path": path}
    named["accept-encoding"] = coding
    # Each field as a literal without indexing: a zero byte, then name and value with their lengths.
    block = b"".join(
        b"\0" + bytes([len(n)]) + n.encode() + bytes([len(v)]) + v.encode() for n, v in named.items()
    )
    return frame(_HEADERS, block, _END_HEADERS | _END_STREAM, stream)


def frame(kind: int, content: bytes = b"", flags: int = 0, stream: int = 0) -> bytes:
    """A frame of HTTP/2."""
    return len(content).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + content


def _fields(block: bytes) -> dict[int, int]:
    """The encoded length of each field in an HPACK block, by the field's index in the static table."""
    found, at = {}, 0

    def integer(bits: int) -> int:
        nonlocal at
        most = 2**bits - 1
        value, at = block[at] & most, at + 1
        shift, more = 0, value == most
        while more:
            value += (block[at] & 127) << shift
            more = block[at] > 127
            shift, at = shift + 7, at + 1
        return value

    def string() -> int:
        nonlocal at
        began, length = at, integer(7)
        at += length
        return at - began

    while at < len(block):
        first = block[at]
        if first & 128:
            found[integer(7)] = 0
        elif first & 32 and not first & 64:
            integer(5)  # the size of the table
        else:
            name = integer(6 if first & 64 else 4)
            if not name:
                string()
            found[name] = string()
    return found
