"""Laid on PYTHONPATH, it takes from every Python process what Windows lacks, and adds Windows' own refusals.

Python imports this file when it starts, also in the worker processes that ``multiprocessing`` spawns. POSIX modules are
gone for all but Python's own library, ``filelock`` and ``psutil``, whose Unix halves stand in for their Windows halves;
functions, constants and signals are gone for all. What cannot be faked is the system underneath: paths have slashes,
and ``sys.platform`` stays, for Python's own library goes by it.
"""

from __future__ import annotations

import asyncio  # noqa: F401  (before its Unix half, which stands in for the other, lacks what goes here)
import builtins
import ctypes.util
import enum
import errno
import fcntl
import io
import locale
import os
import signal
import sys
from pathlib import Path
from typing import Any

import filelock  # noqa: F401
import psutil  # noqa: F401 - their Unix halves take what they need before it goes

MODULES = {
    *("fcntl", "resource", "termios", "tty", "pty", "pwd", "grp", "syslog", "readline", "curses", "posix"),
    *("crypt", "nis", "spwd"),
}
HAVE_WINDOWS_HALVES = {"filelock", "psutil", *sys.stdlib_module_names}
FUNCTIONS_OF_OS = """
    chown chroot ctermid eventfd fchdir fchown fdatasync fork forkpty getegid geteuid getgid getgroups
    getloadavg getpgid getpgrp getpriority getresgid getresuid getsid getuid getxattr initgroups killpg lchown listxattr
    lockf major makedev memfd_create minor mkfifo mknod nice openpty pathconf pidfd_open pipe2 posix_fadvise
    posix_fallocate posix_spawn posix_spawnp pread preadv pwrite pwritev readv removexattr sched_getaffinity
    sched_getparam sched_getscheduler sched_setaffinity sched_yield sendfile setegid seteuid setgid setgroups setpgid
    setpriority setsid setuid setxattr splice statvfs sync sysconf tcgetpgrp tcsetpgrp ttyname wait wait3 wait4 waitid
    writev
"""
CONSTANTS_OF_OS = (
    "EX_",
    "F_LOCK",
    "F_TEST",
    "F_TLOCK",
    "F_ULOCK",
    "GRND_",
    "O_ASYNC",
    "O_DIRECTORY",
    "O_NOCTTY",
    "O_SYNC",
    "P_PID",
    "SCHED_",
    "ST_",
)
# os.fchmod stays: the Unix half of older filelock asks for it, and Windows has it from Python 3.13 on
FUNCTIONS_OF_SIGNAL = """
    alarm getitimer pause pthread_kill pthread_sigmask setitimer siginterrupt sigpending sigtimedwait sigwait
    sigwaitinfo SIG_BLOCK SIG_SETMASK SIG_UNBLOCK Sigmasks
"""
SIGNALS = {"SIGINT": 2, "SIGILL": 4, "SIGABRT": 6, "SIGFPE": 8, "SIGSEGV": 11, "SIGTERM": 15, "SIGBREAK": 21}
LONGEST_PATH = 259
ENCODING = "cp1252"
LOG = "SSLKIT_PORTABILITY_LOG"  # a folder in which every process leaves a file of its number


def take_modules_away() -> None:
    real = builtins.__import__

    def guarded(name: str, globals: Any = None, *rest: Any, **named: Any) -> Any:
        importer = str((globals or {}).get("__name__", "")).partition(".")[0]
        if name.partition(".")[0] in MODULES and importer not in HAVE_WINDOWS_HALVES:
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
        return real(name, globals, *rest, **named)

    builtins.__import__ = guarded


def take_functions_away() -> None:
    ctypes.util.find_library = lambda name: (
        None
    )  # PyTorch 2.15 asks it, whose half for POSIX needs what goes here
    for name in [name for name in vars(os) if name.startswith(CONSTANTS_OF_OS)] + FUNCTIONS_OF_OS.split():
        if hasattr(os, name):
            delattr(os, name)
    gone = [name for name in vars(signal) if name.startswith("SIG") and name[3:4].isalpha()]
    for name in [*gone, *FUNCTIONS_OF_SIGNAL.split()]:
        if hasattr(signal, name):
            delattr(signal, name)
    signal.Signals = enum.IntEnum("Signals", SIGNALS)  # type: ignore[misc, assignment]
    for member in signal.Signals:
        setattr(signal, member.name, member)
    real = signal.signal

    def windows_signal(number: int, handler: Any) -> Any:
        if number not in SIGNALS.values():
            raise ValueError("signal number out of range")
        return real(number, handler)

    signal.signal = windows_signal  # type: ignore[assignment]


def change_processes() -> None:
    os.environ.setdefault("USERNAME", "someone")  # always there
    kill, parent = os.kill, os.getppid()
    os.kill = lambda pid, number: kill(pid, 9)  # TerminateProcess
    os.getppid = lambda: parent  # also when the parent is gone


def change_files() -> None:
    opened, fsync, replace, unlink, mkdir = io.open, os.fsync, os.replace, os.unlink, os.mkdir

    def windows_open(
        file: Any, mode: str = "r", buffering: int = -1, encoding: Any = None, errors: Any = None, newline: Any = None,
        *rest: Any, **named: Any,
    ) -> Any:  # fmt: skip
        writes = bool(set(mode) & set("wax+"))
        if not isinstance(file, int):
            _check(os.fspath(file), writes)
        if "b" not in mode:
            encoding = ENCODING if encoding in (None, "locale") else encoding
            newline = "\r\n" if writes and newline is None else newline
        return opened(file, mode, buffering, encoding, errors, newline, *rest, **named)

    def windows_fsync(descriptor: int) -> None:
        if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            raise OSError(errno.EBADF, "Bad file descriptor")
        fsync(descriptor)

    def windows_replace(source: Any, target: Any, **named: Any) -> None:
        if not named and _is_open(target):
            raise PermissionError(errno.EACCES, "Access is denied", os.fspath(source), 5, os.fspath(target))
        _check(os.fspath(target), True)
        replace(source, target, **named)

    def windows_unlink(path: Any, **named: Any) -> None:
        if not named and _is_open(path):
            raise PermissionError(errno.EACCES, "The process cannot access the file", os.fspath(path))
        unlink(path, **named)

    def windows_mkdir(path: Any, *rest: Any, **named: Any) -> None:
        _check(os.fspath(path), True)
        mkdir(path, *rest, **named)

    def no_links(source: Any, target: Any, *_: Any, **__: Any) -> None:
        raise OSError(errno.EPERM, "A required privilege is not held by the client", os.fspath(target))

    builtins.open = io.open = windows_open  # type: ignore[assignment]
    os.fsync, os.replace, os.mkdir = windows_fsync, windows_replace, windows_mkdir  # type: ignore[assignment]
    os.unlink = os.remove = windows_unlink
    os.symlink = no_links  # type: ignore[assignment]
    locale.getpreferredencoding = lambda do_setlocale=True: ENCODING


def _check(path: Any, writes: bool) -> None:
    """Windows has no /proc, and refuses names and lengths. Files of the system and of packages are not looked at."""
    text = os.fsdecode(path)
    if text.startswith("/proc") and _asked_by_sslkit():
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", text)
    if not writes or text.startswith(("/proc", "/dev", "/sys")):
        return
    if len(os.path.abspath(text)) > LONGEST_PATH:
        raise FileNotFoundError(errno.ENOENT, "The system cannot find the path specified", text)
    for name in Path(os.path.relpath(text, "/")).parts:
        stem = name.split(".")[0].rstrip().upper()
        device = stem in ("CON", "PRN", "AUX", "NUL") or (stem[:3] in ("COM", "LPT") and stem[3:].isdigit())
        if device or set(name) & set('<>:"|?*\\') or (name not in (".", "..") and name[-1] in ". "):
            raise OSError(
                errno.EINVAL, "The filename, directory name, or volume label syntax is incorrect", text
            )


def _asked_by_sslkit() -> bool:
    frame = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__") in (
        __name__,
        "pathlib",
        "pathlib._local",
        "io",
    ):
        frame = frame.f_back  # type: ignore[assignment]
    return frame is not None and str(frame.f_globals.get("__name__")).startswith("sslkit")


def _is_open(path: Any) -> bool:
    """In any process of this group (the test's, and all that it started): as an open file, or mapped into memory."""
    target = os.path.realpath(os.fsdecode(path))
    if not os.path.isfile(target):
        return False
    group = _group_of("self")
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            if _group_of(process) != group:
                continue
            for descriptor in os.listdir(f"/proc/{process}/fd"):
                if os.readlink(f"/proc/{process}/fd/{descriptor}") == target:
                    return True
            with io.FileIO(f"/proc/{process}/maps") as maps:
                if f" {target}\n".encode() in maps.readall():
                    return True
        except OSError:  # gone meanwhile
            continue
    return False


def _group_of(process: str) -> str:
    with io.FileIO(f"/proc/{process}/stat") as file:
        return file.readall().decode(errors="replace").rpartition(")")[2].split()[2]


if LOG in os.environ:  # a test that only collects this file keeps its system
    Path(os.environ[LOG], str(os.getpid())).touch()
    take_functions_away()
    change_processes()
    change_files()
    take_modules_away()
