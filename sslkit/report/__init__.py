"""The report of a comparison: one page that a person can read, and defend.

``read`` (with ``files``): a folder → ``members``, typed data. ``figures``: what all themes share of their numbers. A
folder a theme: ``verdict``, ``results``, ``audit``, ``grid``, ``fine_tuning``, ``tuning``. ``section``: one data set;
``overview``: all of them; ``write``: the page; ``cards``: what goes beside it; ``terminal``: the same in a console.
"""

from sslkit.report.write import write_report

__all__ = ["write_report"]
