"""The command line: one file a group of commands. Heavy imports wait until a command needs them.

>>> from sslkit.cli import run
>>> run(["list", "schedule"])
kind      name           what it is...
schedule  constant       The same rate throughout, after a linear rise over the first...
schedule  warmup-cosine  Linear rise from 0 over the first...
0
"""

from sslkit.cli.parser import make_parser
from sslkit.cli.program import main, run

__all__ = ["main", "make_parser", "run"]
