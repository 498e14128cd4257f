"""The command line: one file a group of commands. Heavy imports wait until a command needs them.

>>> from sslkit.cli import make_parser
>>> make_parser().parse_args(["compare", "mine.yaml", "seeds=[0]", "--workers", "2"]).workers
2
"""

from sslkit.cli.parser import make_parser
from sslkit.cli.program import main, run

__all__ = ["main", "make_parser", "run"]
