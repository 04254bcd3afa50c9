"""Runs a command as on a machine whose kernel has no IPv6: ``python -m tests.servers.without_ipv6 COMMAND...``.

A filter of system calls (seccomp) refuses each socket of IPv6 with the error of such a kernel. A setting of the network
would not do: where it turns IPv6 off, a program can still listen on "::".
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import socket
import struct
import sys

_SOCKET = {"x86_64": 41, "aarch64": 198}
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_LOAD, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
#: Where the filter finds the number of the call and its first argument.
_NUMBER, _FIRST_ARGUMENT = 0, 16


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


def forbid_ipv6() -> None:
    """From now on, no socket of IPv6 can be made in this process or in one that it starts."""
    steps = [
        (_LOAD, 0, 0, _NUMBER),
        (_IF_EQUAL, 0, 3, _SOCKET[platform.machine()]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_IF_EQUAL, 0, 1, socket.AF_INET6),
        (_RETURN, 0, 0, _ERROR | errno.EAFNOSUPPORT),
        (_RETURN, 0, 0, _ALLOW),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = _Program(len(steps), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program)
    ):
        raise OSError(ctypes.get_errno(), "this machine takes no filter of system calls")


if __name__ == "__main__":
    forbid_ipv6()
    os.execvp(sys.argv[1], sys.argv[1:])
