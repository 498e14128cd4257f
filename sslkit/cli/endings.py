"""How a command ends that did not finish: the one place that gives an exception its exit status and its words."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass

from sslkit.errors import SSLKitError, StopRequested, bounded

DONE, CHANGED, USER_ERROR, STOPPED = 0, 1, 2, 130
PATIENCE = 5.0  # seconds in which torchrun ends the others after one has failed


@dataclass(frozen=True)
class Ending:
    """An exit status and what is said on the error stream; ``{error}`` stands for the exception's own words."""

    status: int
    words: str = ""

    def tell(self, error: BaseException) -> None:
        """Say it."""
        if self.words:
            print(_rank_words() + bounded(self.words.format(error=error)), file=sys.stderr)
        if self.status == DONE:  # nobody reads it; Python flushes the output once more when it exits
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _rank_words() -> str:
    """Of several processes the first speaks; another does where the first has not failed, and torchrun ended all."""
    rank = os.environ.get("RANK", "0")
    if rank == "0" or os.environ.get("WORLD_SIZE", "1") == "1":
        return ""
    time.sleep(PATIENCE)
    return f"process {rank}: "


ENDINGS: dict[type[BaseException], Ending] = {  # the first that fits counts
    SSLKitError: Ending(USER_ERROR, "error: {error}"),
    BrokenPipeError: Ending(DONE),  # the reader of our output has seen enough
    OSError: Ending(USER_ERROR, "error: {error}. Is there space, and may it be read and written?"),
    StopRequested: Ending(
        STOPPED, "stopped; what was reached is saved. Run the same command again to go on."
    ),
    KeyboardInterrupt: Ending(STOPPED, "stopped"),
    MemoryError: Ending(USER_ERROR, "error: out of memory: {error}. Use smaller samples or batches."),
}


def ending_of(error: BaseException) -> Ending | None:
    """The ending of a command that raised ``error``; None for a fault of ours, which keeps its traceback."""
    if isinstance(error, SystemExit) and isinstance(error.__context__, BrokenPipeError):
        error = error.__context__  # rich makes a failure of it
    return next((ending for kind, ending in ENDINGS.items() if isinstance(error, kind)), None)
