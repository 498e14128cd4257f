"""Means, spreads and paired differences over seeds, and what may be concluded from them.

``seeds``: figures of a method; ``differences``: two methods; ``ranks``: many methods on many data sets.
"""

from sslkit.statistics.differences import (
    Difference,
    Outcome,
    correct,
    mean_interval,
    paired_difference,
)
from sslkit.statistics.ranks import RankComparison, compare_ranks
from sslkit.statistics.seeds import CONFIDENCE, Summary, seed_means, summarise

__all__ = [
    "CONFIDENCE",
    "Difference",
    "Outcome",
    "RankComparison",
    "Summary",
    "compare_ranks",
    "correct",
    "mean_interval",
    "paired_difference",
    "seed_means",
    "summarise",
]
