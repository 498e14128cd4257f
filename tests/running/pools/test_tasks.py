"""How cores are divided among workers."""

from __future__ import annotations

import pytest

from sslkit.running.pools.tasks import divide


@pytest.mark.parametrize(
    ("cores", "requested", "threads", "runs", "gpus", "expected"),
    [
        ([8], None, None, 20, 0, (8, 1)),
        ([8], None, None, 3, 0, (3, 2)),
        ([8], None, 3, 20, 0, (2, 3)),
        ([8], 3, None, 20, 0, (3, 2)),
        ([2], 5, None, 20, 0, (5, 1)),  # more than there are cores, for the user says so
        ([8], None, None, 20, 1, (1, 8)),  # one GPU
        ([8, 8], None, None, 3, 0, (3, 4)),  # not 5: one worker needs all its threads on one machine
        ([16, 4], None, None, 2, 0, (2, 8)),
        ([8, 8], None, None, 20, 4, (4, 4)),
        ([1], None, None, 0, 0, (1, 1)),
    ],
)
def test_workers_and_threads_fit(cores, requested, threads, runs, gpus, expected):
    assert divide(cores, requested, threads, runs, gpus) == expected
