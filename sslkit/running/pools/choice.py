"""A pool by its name."""

from __future__ import annotations

from sslkit.errors import SSLKitError, did_you_mean
from sslkit.running.pools.local import LocalPool
from sslkit.running.pools.ray import RayPool
from sslkit.running.pools.tasks import Pool
from sslkit.training.distributed import refuse_torchrun

POOLS: dict[str, type[Pool]] = {pool.name: pool for pool in (LocalPool, RayPool)}


def choose_pool(name: str) -> Pool:
    """The pool of that name, not yet entered.

    Raises:
        SSLKitError: there is none like that, its package is not installed, or several processes ask for one.
    """
    refuse_torchrun("a comparison")
    if name not in POOLS:
        raise SSLKitError(f"there is no pool '{name}'. {did_you_mean(name, POOLS)}")
    return POOLS[name]()
