"""Permissions that a worker process drops before it evaluates anything.

On Linux (x86-64 and 64-bit ARM) the kernel refuses it, for good, to make or use a socket beside
those that it has, to start programs, and to touch other processes: seccomp(2), with a filter as in
the kernel's Documentation/userspace-api/seccomp_filter.rst. Other systems have no such call for a
process of its own accord.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import multiprocessing
import os
import platform
import resource
import select
import signal
import struct
import sys
from pathlib import Path
from typing import Final

# Of linux/prctl.h and linux/seccomp.h.
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2

# Berkeley packet filter instructions, of linux/bpf_common.h and linux/seccomp.h.
_LOAD: Final = 0x20
_JUMP_IF_EQUAL: Final = 0x15
_JUMP_IF_AT_LEAST: Final = 0x35
_RETURN: Final = 0x06
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | errno.EPERM
_KILL: Final = 0x80000000
_NUMBER_OFFSET: Final = 0
_ARCHITECTURE_OFFSET: Final = 4
# On x86-64 the numbers of the x32 interface, which would name the same calls once more.
_X32: Final = 0x40000000

# Numbers that all architectures have in common.
_ANYWHERE: Final = {
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "pidfd_getfd": 438,
}
_FORBIDDEN: Final = {
    "x86_64": (
        0xC000003E,
        {
            "socket": 41,
            "connect": 42,
            "accept": 43,
            "bind": 49,
            "listen": 50,
            "socketpair": 53,
            "execve": 59,
            "ptrace": 101,
            "accept4": 288,
            "process_vm_writev": 311,
            "execveat": 322,
            **_ANYWHERE,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "ptrace": 117,
            "socket": 198,
            "socketpair": 199,
            "bind": 200,
            "listen": 201,
            "accept": 202,
            "connect": 203,
            "execve": 221,
            "accept4": 242,
            "process_vm_writev": 271,
            "execveat": 281,
            **_ANYWHERE,
        },
    ),
}


class _Filter(ctypes.Structure):
    """``struct sock_fprog`` of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def end_with_server() -> None:
    """Have the kernel end this process when the server does, however that ends (Linux).

    A pipe that the server never writes to closes with it: the kernel says so with a signal, whose
    default is to end the process, whatever that does (fcntl(2), O_ASYNC).
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    server = multiprocessing.parent_process()
    if sys.platform != "linux" or server is None:
        return
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(server.sentinel, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(server.sentinel, fcntl.F_GETFL)
    fcntl.fcntl(server.sentinel, fcntl.F_SETFL, flags | os.O_ASYNC)
    if select.select([server.sentinel], [], [], 0)[0]:
        os._exit(0)  # it ended before this


def limit_memory(size: int) -> None:
    """Let this process allocate so many bytes beside those that it has (Linux)."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[5])  # proc_pid_statm(5)
    except OSError:
        return
    most = pages * resource.getpagesize() + size
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def close_network() -> bool:
    """Refuse this process new sockets and programs; it must have one thread only.

    Returns:
        False where the system has no way to.
    """
    if sys.platform != "linux" or platform.machine() not in _FORBIDDEN:
        return False
    program = _program(*_FORBIDDEN[platform.machine()])
    memory = ctypes.create_string_buffer(program, len(program))
    what = _Filter(len(program) // 8, ctypes.addressof(memory))
    try:
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)
        _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(what))
    except OSError:
        return False  # a kernel without seccomp, or a container that does not permit it
    return True


def _program(architecture: int, forbidden: dict[str, int]) -> bytes:
    """The filter: kill calls of another architecture, refuse what is forbidden, allow the rest."""

    def instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return struct.pack("=HBBI", code, if_true, if_false, value)

    numbers = sorted(forbidden.values())
    lines = [
        instruction(_LOAD, _ARCHITECTURE_OFFSET),
        instruction(_JUMP_IF_EQUAL, architecture, 1, 0),
        instruction(_RETURN, _KILL),
        instruction(_LOAD, _NUMBER_OFFSET),
        instruction(_JUMP_IF_AT_LEAST, _X32, len(numbers) + 1, 0),
        *(
            instruction(_JUMP_IF_EQUAL, number, len(numbers) - index, 0)
            for index, number in enumerate(numbers)
        ),
        instruction(_RETURN, _ALLOW),
        instruction(_RETURN, _REFUSE),
    ]
    return b"".join(lines)


def _prctl(option: int, *arguments: object) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    padded = [*arguments, *[0] * (4 - len(arguments))]
    values = [ctypes.c_ulong(one) if isinstance(one, int) else one for one in padded]
    if library.prctl(ctypes.c_int(option), *values) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option}")
