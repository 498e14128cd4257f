"""Pools by their names."""

from __future__ import annotations

import pytest

from sslkit.errors import SSLKitError
from sslkit.running.pools import POOLS, choose_pool
from sslkit.running.pools.local import LocalPool


def test_each_pool_has_its_own_name() -> None:
    assert POOLS.keys() == {"local", "ray"}
    assert all(pool.name == name for name, pool in POOLS.items())
    assert isinstance(choose_pool("local"), LocalPool)


def test_an_unknown_pool_is_named() -> None:
    with pytest.raises(SSLKitError, match=r"no pool 'rya'. Did you mean 'ray'\?"):
        choose_pool("rya")
