"""YAML as a config needs it: the three traps (``1e-3`` a string, duplicate keys, ``on`` a truth value) are closed."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import yaml

from sslkit.config.carried import carried_configs
from sslkit.errors import SSLKitError


class _Loader(yaml.SafeLoader):
    """SafeLoader with YAML 1.2's numbers and truth values, no dates, and no duplicate keys."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":null", ":merge"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_NUMBER = r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9]+)"
_PATTERNS = {
    "bool": (r"true|True|TRUE|false|False|FALSE", "tTfF"),
    "int": (r"[-+]?(?:0|[1-9][0-9_]*)", "-+0123456789"),
    "float": (
        rf"{_NUMBER}(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        "-+0123456789.",
    ),
}
for _tag, (_pattern, _first) in _PATTERNS.items():
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first))


def _construct_mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    seen: set[str] = set()
    for key_node, _ in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(
                None, None, "a key must be a plain word", key_node.start_mark
            )
        if key_node.value in seen:
            reason = f"the key '{key_node.value}' stands twice; the first would be lost"
            raise yaml.constructor.ConstructorError(None, None, reason, key_node.start_mark)
        seen.add(key_node.value)
    loader.flatten_mapping(node)
    return {
        loader.construct_object(key, deep=True): loader.construct_object(value, deep=True)
        for key, value in node.value
    }


_Loader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)


def parse_yaml(text: str, source: str) -> Any:
    """YAML text → plain values.

    Raises:
        SSLKitError: not YAML; says the line.
    """
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise SSLKitError(f"{source}{where}: not valid YAML: {reason}.") from error
    except (ValueError, RecursionError) as error:
        raise SSLKitError(f"{source}: not valid YAML: {error}.") from error


def read_mapping(path: Path) -> dict[str, Any]:
    """A YAML file that holds one mapping.

    Raises:
        SSLKitError: missing, unreadable, not YAML, or something else than a mapping.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        carried = ", ".join(carried_configs())
        raise SSLKitError(
            f"{path}: there is no such config file. Give a file's path, or the name of one that sslkit carries: "
            f"{carried}."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SSLKitError(f"{path}: cannot be read as a text file: {error}.") from error
    found = parse_yaml(text, str(path))
    if not isinstance(found, Mapping):
        kind = "nothing" if found is None else type(found).__name__
        raise SSLKitError(f"{path}: expected a mapping ('data: …', 'budget: …'), found {kind}.")
    strange = [key for key in found if not isinstance(key, str)]
    if strange:
        raise SSLKitError(f"{path}: keys must be words, found {strange[0]!r}.")
    return dict(found)
