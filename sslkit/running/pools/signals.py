"""Ctrl-C, Ctrl-Break, SIGTERM and a closed terminal around a pool."""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sslkit.training.callbacks.stop import STOP_SIGNALS, leave_terminal


def _in_main_thread() -> bool:
    """Only there may handlers be set, and only there do they run."""
    return threading.current_thread() is threading.main_thread()


@contextmanager
def handlers_kept() -> Iterator[None]:
    """The handlers are at the end what they were before."""
    before = {number: signal.getsignal(number) for number in STOP_SIGNALS} if _in_main_thread() else {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def stop_signals_interrupt() -> Iterator[None]:
    """Ctrl-Break, SIGTERM and SIGHUP raise KeyboardInterrupt, as Ctrl-C does."""
    with handlers_kept():
        if _in_main_thread():
            for number in set(STOP_SIGNALS) - {signal.SIGINT}:
                signal.signal(number, _interrupt)
        yield


def _interrupt(number: int, frame: object) -> None:
    leave_terminal(number)
    raise KeyboardInterrupt


def ignore_more_interrupts() -> None:
    """One Ctrl-C or Ctrl-Break is enough: the workers are saving."""
    if _in_main_thread():
        for number in set(STOP_SIGNALS) - {signal.SIGTERM}:
            signal.signal(number, signal.SIG_IGN)


@contextmanager
def held_back() -> Iterator[None]:
    """Signals wait until the end; processes that are started meanwhile hold theirs back until ``let_in``."""
    came: list[int] = []
    with handlers_kept():
        if _in_main_thread():
            for number in STOP_SIGNALS:
                signal.signal(number, lambda number, frame: came.append(number))
        with _inherited():
            yield
    for held in came:
        signal.raise_signal(held)


@contextmanager
def _inherited() -> Iterator[None]:
    """Processes that are started inside begin deaf to stop signals.

    They inherit a mask; another thread of this process may still take a signal, so its handlers wait as well. Windows
    has no masks, but a console's Ctrl-C may be switched off, which they inherit too: one that comes in these
    milliseconds is lost.
    """
    if sys.platform == "win32":
        ctypes.windll.kernel32.SetConsoleCtrlHandler(None, True)
        try:
            yield
        finally:
            ctypes.windll.kernel32.SetConsoleCtrlHandler(None, False)
    elif hasattr(signal, "pthread_sigmask"):
        before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
    else:
        yield


def let_in() -> None:
    """In a process that was started while signals were held back: those that came until now, and all to come.

    On Windows it stays deaf to Ctrl-C, and stops when its parent says so.
    """
    if sys.platform != "win32" and hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
