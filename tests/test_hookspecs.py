"""The one door by which built-ins and plugins enter."""

from __future__ import annotations

from types import SimpleNamespace

import pluggy
import pytest

from sslkit import hookspecs
from sslkit.hookspecs import hookimpl
from sslkit.registry import Registry


def manager() -> pluggy.PluginManager:
    found = pluggy.PluginManager("sslkit")
    found.add_hookspecs(hookspecs)
    return found


def test_a_marked_function_is_called_with_the_registry() -> None:
    registry, seen = Registry(), []

    @hookimpl
    def sslkit_register(registry: Registry) -> None:
        seen.append(registry)

    plugins = manager()
    plugins.register(SimpleNamespace(sslkit_register=sslkit_register))
    plugins.check_pending()
    plugins.hook.sslkit_register(registry=registry)
    assert seen == [registry]


def test_an_unmarked_function_is_not_called() -> None:
    def sslkit_register(registry: Registry) -> None:
        raise AssertionError("it was called")

    plugins = manager()
    plugins.register(SimpleNamespace(sslkit_register=sslkit_register))
    assert plugins.hook.sslkit_register(registry=Registry()) == []


def test_a_misspelt_hook_is_found() -> None:
    @hookimpl
    def sslkit_regster(registry: Registry) -> None: ...

    plugins = manager()
    plugins.register(SimpleNamespace(sslkit_regster=sslkit_regster))
    with pytest.raises(pluggy.PluginValidationError, match="sslkit_regster"):
        plugins.check_pending()


def test_other_parameters_than_the_hook_s_are_refused() -> None:
    @hookimpl
    def sslkit_register(registry: Registry, more: int) -> None: ...

    with pytest.raises(pluggy.PluginValidationError, match="more"):
        manager().register(SimpleNamespace(sslkit_register=sslkit_register))
