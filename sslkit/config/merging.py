"""Files and overrides → one plain mapping for each data set, before anything is checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sslkit.config.carried import find_config
from sslkit.config.experiment import COMPONENT_LISTS
from sslkit.config.folder_names import check_folder_name
from sslkit.config.yaml_files import parse_yaml, read_mapping
from sslkit.errors import Problem, SSLKitError, did_you_mean
from sslkit.foreign import home_path


def members_of(
    content: Mapping[str, Any], shared: dict[str, Any], name: str, folder: Path, problems: list[Problem]
) -> dict[str, dict[str, Any]]:
    """Name → plain config of each data set: a suite's members over what they share, or the file's only one.

    Args:
        content: the whole file.
        shared: what of it is not the study's (``name``, ``workers``, ``suite``).
        name: of a single member that has neither a name nor data with one.
        folder: from where a suite's paths lead.
        problems: where messages are added.
    """
    if "suite" not in content:
        data = shared.get("data")
        own = content.get("name") or (data.get("name") if isinstance(data, Mapping) else data)
        return {own if isinstance(own, str) else name: dict(shared)}
    suite = content["suite"]
    if not isinstance(suite, Mapping) or not suite:
        problems.append(Problem("suite", f"expected a mapping of names to configs, found {suite!r:.80}"))
        return {}
    members = {}
    for member, plain in suite.items():
        if isinstance(plain, str):
            read = read_extended(find_config(plain, folder), ())
            plain = {key: value for key, value in read.items() if key not in ("name", "workers")}
        if not isinstance(plain, Mapping):
            problems.append(
                Problem(f"suite.{member}", f"expected a config or the path of one, found {plain!r:.80}")
            )
            continue
        check_folder_name(member, "suite", problems)
        members[str(member)] = merge(shared, plain)
    return members


def read_extended(path: Path, seen: tuple[Path, ...]) -> dict[str, Any]:
    """A config merged over the one that it extends."""
    content = read_mapping(path)
    base = content.pop("extends", None)
    if base is None:
        return content
    if not isinstance(base, str):
        raise SSLKitError(f"{path}: 'extends' takes the path of one config file, found {base!r:.80}.")
    base_path = find_config(str(home_path(base)), path.parent).resolve()
    if base_path in (*seen, path.resolve()):
        raise SSLKitError(f"{path}: it extends itself by way of {base}.")
    return merge(read_extended(base_path, (*seen, path.resolve())), content)


def merge(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """``change`` over ``base``, deep; a component of another name replaces, one of the same name is changed."""
    merged = dict(base)
    for key, value in change.items():
        old = merged.get(key)
        if isinstance(value, Mapping) and isinstance(old, str) and value.get("name") == old:
            old = {"name": old}
        both = isinstance(value, Mapping) and isinstance(old, Mapping)
        renamed = both and "name" in value and value["name"] != old.get("name", value["name"])  # type: ignore[union-attr]
        merged[key] = merge(old, value) if both and not renamed else value  # type: ignore[arg-type]
    return merged


def is_of_study(override: str) -> bool:
    """Whether an override ``a=b`` is of the whole file, not of its members."""
    return override.partition("=")[0] in ("name", "workers")


def override(members: dict[str, dict[str, Any]], text: str, problems: list[Problem]) -> None:
    """Put an override ``a.b=c`` into all members, or into the one that it names (``suite.NAME.a.b=c``)."""
    path, equals, value_text = text.partition("=")
    keys = path.split(".")
    if not equals or not all(keys):
        problems.append(Problem(text, "an override is written a.b=c"))
        return
    try:
        value = parse_yaml(value_text, f"override {path}")
    except SSLKitError as error:
        problems.append(Problem(path, str(error).rstrip(".")))
        return
    if keys[0] == "suite" and len(keys) > 2:
        if keys[1] not in members:
            problems.append(Problem(path, f"there is no member '{keys[1]}'", did_you_mean(keys[1], members)))
            return
        targets, keys = [keys[1]], keys[2:]
    else:
        targets = list(members)
    if keys[0] == "grid" and len(keys) > 1:
        keys = ["grid", ".".join(keys[1:])]  # its keys are paths
    if keys[:2] == ["tuning", "ranges"] and len(keys) > 3:
        keys = [*keys[:3], ".".join(keys[3:])]  # its methods' keys are paths
    for member in targets:
        members[member] = _with(_grown(members[member], keys), keys, value, path, problems)


def plain_settings(overrides: Sequence[str]) -> dict[str, Any]:
    """Overrides ``a=b`` of one component's settings, which are no config.

    Raises:
        SSLKitError: what is not written so.
    """
    problems: list[Problem] = []
    settings: dict[str, dict[str, Any]] = {"": {}}
    for text in overrides:
        override(settings, text, problems)
    if problems:
        raise SSLKitError("; ".join(map(str, problems)))
    return settings[""]


def set_at(plain: Mapping[str, Any], path: str, value: object, problems: list[Problem]) -> dict[str, Any]:
    """A copy of a member's config in which ``path`` (``a.b``) leads to ``value``."""
    keys = path.split(".")
    changed: dict[str, Any] = _with(_grown(plain, keys), keys, value, path, problems)
    return changed


def _grown(plain: Mapping[str, Any], keys: list[str]) -> dict[str, Any]:
    """Defaults and short forms written out where ``keys`` leads into them."""
    grown, field = dict(plain), keys[0]
    if len(keys) > 1 and field in COMPONENT_LISTS and grown.get(field) is None:
        grown[field] = COMPONENT_LISTS[field][1]
    if keys == ["views", "strength"] and isinstance(grown.get("views"), list):
        grown["views"] = {"all_views": grown["views"]}
    return grown


def _with(plain: object, keys: list[str], value: object, path: str, problems: list[Problem]) -> Any:
    """A copy in which ``keys`` leads to ``value``.

    Numbers index lists, labels and names choose their components, and a bare component name grows settings.
    """
    if not keys:
        return value
    if isinstance(plain, list):
        index = _index(plain, keys[0], path, problems)
        if index is None:
            return plain
        return [*plain[:index], _with(plain[index], keys[1:], value, path, problems), *plain[index + 1 :]]
    if isinstance(plain, str):
        plain = {"name": plain}
    if plain is not None and not isinstance(plain, Mapping):
        problems.append(
            Problem(path, f"'{keys[0]}' would be set inside {plain!r:.80}, which has no settings")
        )
        return plain
    inner = dict(plain or {})
    inner[keys[0]] = _with(inner.get(keys[0]), keys[1:], value, path, problems)
    return inner


def _index(items: list[object], key: str, path: str, problems: list[Problem]) -> int | None:
    """The place of an item, by its number, its label, or its name."""
    if key.isdigit():
        if int(key) < len(items):
            return int(key)
        problems.append(Problem(path, f"'{key}' is not an index of a list of {len(items)}"))
        return None
    plain = [item if isinstance(item, Mapping) else {"name": item} for item in items]
    labels = [str(item.get("label") or item.get("name")) for item in plain]
    if labels.count(key) != 1:
        several = f"several are called '{key}'" if key in labels else f"there is no '{key}'"
        advice = "Use its number, from 0." if key in labels else did_you_mean(key, labels)
        problems.append(Problem(path, several, advice))
        return None
    return labels.index(key)
