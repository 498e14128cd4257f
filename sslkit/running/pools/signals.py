"""Ctrl-C and SIGTERM around a pool."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def _in_main_thread() -> bool:
    """Only there may handlers be set, and only there do they run."""
    return threading.current_thread() is threading.main_thread()


@contextmanager
def handlers_kept() -> Iterator[None]:
    """The handlers are at the end what they were before."""
    before = {number: signal.getsignal(number) for number in SIGNALS} if _in_main_thread() else {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def sigterm_as_interrupt() -> Iterator[None]:
    """SIGTERM raises KeyboardInterrupt, as Ctrl-C does."""
    with handlers_kept():
        if _in_main_thread():
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        yield


def ignore_more_interrupts() -> None:
    """One Ctrl-C is enough: the workers are saving."""
    if _in_main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def held_back() -> Iterator[None]:
    """Signals wait until the end; processes that are started meanwhile hold theirs back until ``let_in``.

    The mask is for the children, which inherit it; another thread of this process may still take a signal, so the
    handlers wait as well.
    """
    came: list[int] = []
    with handlers_kept():
        if _in_main_thread():
            for number in SIGNALS:
                signal.signal(number, lambda number, frame: came.append(number))
        before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
    for held in came:
        signal.raise_signal(held)


def let_in() -> None:
    """In a process that was started while signals were held back: those that came until now, and all to come."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
