"""YAML as a config needs it: the three traps (``1e-3`` a string, duplicate keys, ``on`` a truth value) are closed."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import yaml

from sslkit.config.carried import carried_configs
from sslkit.errors import SSLKitError
from sslkit.foreign import MOST_DIGITS, require_size


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
_PLAIN = "tag:yaml.org,2002:"
_KINDS: dict[str, type[yaml.Node]] = {
    "map": yaml.MappingNode,
    "seq": yaml.SequenceNode,
    **dict.fromkeys(("str", "null", "merge", *_PATTERNS), yaml.ScalarNode),
}
MOST_VALUES = 100_000  # of a config, its aliases written out
MOST_BYTES = 1_000_000
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
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return None
        _measure(node, {})
        return loader.construct_document(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise SSLKitError(f"{source}{where}: not valid YAML: {reason}.") from error
    except RecursionError as error:
        raise SSLKitError(f"{source}: not valid YAML: it is nested too deeply. Flatten it.") from error
    except (ValueError, OverflowError) as error:
        raise SSLKitError(f"{source}: not valid YAML: {error}.") from error


def _measure(node: yaml.Node, sizes: dict[int, int]) -> int:
    """How many values a node stands for with its aliases written out; every tag is looked at on the way.

    Raises:
        yaml.constructor.ConstructorError: a tag that is not plain or does not fit, an alias of what it stands in, or
            more than ``MOST_VALUES`` values.
    """
    if id(node) in sizes:
        if not sizes[id(node)]:
            raise _refused("an alias stands inside of what it names", node)
        return sizes[id(node)]
    _check_tag(node)
    sizes[id(node)] = 0  # begun
    inner: list[yaml.Node] = []
    if isinstance(node, yaml.SequenceNode):
        inner = node.value
    elif isinstance(node, yaml.MappingNode):
        inner = [part for pair in node.value for part in pair]
    total = 1
    for part in inner:
        total += _measure(part, sizes)
        if total > MOST_VALUES:
            raise _refused(f"its aliases stand for more than {MOST_VALUES:,} values", node)
    sizes[id(node)] = total
    return total


def _check_tag(node: yaml.Node) -> None:
    tag = node.tag.removeprefix(_PLAIN)
    if tag == node.tag or not isinstance(node, _KINDS.get(tag, ())):
        raise _refused(f"the tag {node.tag!r} is none for a config; leave it out", node)
    pattern = _PATTERNS.get(tag)
    if pattern is not None and not re.fullmatch(pattern[0], node.value):
        raise _refused(f"{node.value!r} is no {tag}; leave the tag out", node)
    if tag == "int" and len(node.value) > MOST_DIGITS:
        raise _refused(
            f"a whole number of {len(node.value)} digits; more than {MOST_DIGITS} mean nothing here", node
        )


def _refused(reason: str, node: yaml.Node) -> yaml.constructor.ConstructorError:
    return yaml.constructor.ConstructorError(None, None, reason, node.start_mark)


def read_mapping(path: Path) -> dict[str, Any]:
    """A YAML file that holds one mapping.

    Raises:
        SSLKitError: missing, unreadable, not YAML, or something else than a mapping.
    """
    try:
        text = require_size(path, MOST_BYTES, "a config").read_text(encoding="utf-8")
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
