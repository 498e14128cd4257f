"""Errors that a user can act on: shown as one message, never as a traceback."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class SSLKitError(Exception):
    """Something the user can mend. The message says what, where, why and what to do.

    >>> import sslkit
    >>> try:
    ...     sslkit.load_encoder("runs/nowhere")
    ... except sslkit.SSLKitError as error:
    ...     print(error)
    runs...nowhere...encoder.json: there is no such file; expected an encoder's card ...
    """


class StopRequested(Exception):
    """The user stopped the work (Ctrl-C, SIGTERM). What was reached is saved, and the same command goes on."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a config: where (``objective.tau``), why, and what to do."""

    path: str
    reason: str
    advice: str = ""

    def __str__(self) -> str:
        advice = f" {self.advice}" if self.advice else ""
        return f"{self.path or 'config'}: {self.reason}.{advice}"


MOST_SHOWN = 20


class ConfigError(SSLKitError):
    """Every problem of a config, reported at once.

    >>> import sslkit
    >>> from sslkit.errors import Problem
    >>> problems = [Problem("seeds", "is empty", "Give one."), Problem("budget.steps", "is 0")]
    >>> print(sslkit.ConfigError(problems, "mine.yaml"))
    mine.yaml: 2 problems
      seeds: is empty. Give one.
      budget.steps: is 0.
    """

    def __init__(self, problems: Sequence[Problem], source: str = "config") -> None:
        self.problems = list(problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        lines = [f"{source}: {count}", *(f"  {problem}" for problem in self.problems[:MOST_SHOWN])]
        if len(self.problems) > MOST_SHOWN:
            lines.append(f"  and {len(self.problems) - MOST_SHOWN} more")
        super().__init__("\n".join(lines))


LONGEST_MESSAGE, LONGEST_LINE = 2000, 500  # letters of an error that are shown


def bounded(text: str) -> str:
    """A message that fits a screen: of long lines, and of a long whole, begin and end with what was cut out between."""
    if len(text) > LONGEST_MESSAGE:
        text = "\n".join(_shortened(line, LONGEST_LINE) for line in text.split("\n"))
    return _shortened(text, LONGEST_MESSAGE)


def _shortened(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    end = most // 4
    begin = most - end - 50
    return f"{text[:begin]} [… {len(text) - begin - end:,} letters are cut out here …] {text[-end:]}"


def in_a_line(error: BaseException) -> str:
    """A foreign error in the words of one line, for a message of ours."""
    words = str(error).strip().splitlines()
    return f"{type(error).__name__}: {words[0].rstrip('.:')[:300]}" if words else type(error).__name__


def did_you_mean(name: object, valid: Iterable[str]) -> str:
    """Advice for a misspelt name: the nearest valid one, or all of them where none is near."""
    choices = sorted(valid)
    same = [choice for choice in choices if choice.casefold() == str(name).casefold()]
    if same:
        return f"Did you mean '{same[0]}'?"
    near = difflib.get_close_matches(str(name), choices, n=1, cutoff=0.55)
    if near:
        return f"Did you mean '{near[0]}'?"
    return f"Valid: {', '.join(choices)}." if choices else "None is available."
