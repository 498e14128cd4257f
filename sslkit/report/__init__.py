"""The report of a comparison: one page that a person can read, and defend.

``read``: folder → data; ``tables``, ``words``: what it says; ``curves``, ``samples``, ``embedding``: figures;
``section``, ``write``: the page.
"""

from sslkit.report.write import write_report

__all__ = ["write_report"]
