"""``docs/reference/configs.md``: every key of a config file, and the settings of its sections."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic.fields import FieldInfo

from making.markdown import described, plain, table, value_words
from sslkit.config import COMPONENT_LISTS, COMPONENTS, SECTIONS
from sslkit.config.schema import MEANINGS, config_schema
from sslkit.config.tuning import SearchRange, TuningBudget
from sslkit.registry import REQUIRED, Registry, Setting

HEAD = """# Settings of a config

Written by `python docs/make_reference.py` from the config's own classes; do not edit. `sslkit schema > schema.json`
gives editors the same for completion, with the components of your plugins. Unknown keys are refused, with the nearest
valid name.
"""
SUBSECTIONS = {"tuning": TuningBudget, "a range of tuning": SearchRange}
RANGES = (  # of `tuning`; no plain setting, for its keys are the methods' names and their settings' paths
    "`ranges`",
    "method → path of a setting → values",
    "needed",
    "A list of values, or `{low: …, high: …, log: …}`. [More](../comparing.md#tuning-the-same-for-every-method).",
)


def text(registry: Registry) -> str:
    """The page."""
    parts = [HEAD, table(("key", "takes", ""), _keys(registry)), ""]
    for name, section in {**SECTIONS, **SUBSECTIONS}.items():
        rows = [
            (f"`{key}`", type_words(field), _default(field), plain(field.description or ""))
            for key, field in section.model_fields.items()
        ]
        rows += [RANGES] if name == "tuning" else []
        parts += [
            f"## {name}\n",
            f"{described(section).text}\n",
            table(("setting", "type", "default", ""), rows),
            "",
        ]
    return "\n".join(parts).rstrip() + "\n"


def _keys(registry: Registry) -> list[tuple[str, str, str]]:
    kinds = {**{key: kind for key, (kind, _) in COMPONENTS.items()}, "views": "recipe"}
    lists = {key: kind for key, (kind, _) in COMPONENT_LISTS.items()}
    rows = []
    for key in config_schema(registry)["properties"]:
        takes = ""
        if key in SECTIONS or key in SUBSECTIONS:
            takes = f"[settings](#{key})"
        elif key in kinds or key in lists:
            kind = kinds.get(key) or lists[key]
            takes = f"{'a list of ' if key in lists else 'a '}[{kind}](components.md#{kind})"
        rows.append((f"`{key}`", takes, plain(MEANINGS[key])))
    return rows


def type_words(field: FieldInfo) -> str:
    """A setting's type as a reader would write it."""
    annotation: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    return Setting("", annotation).type_name()


def _default(field: FieldInfo) -> str:
    return value_words(REQUIRED if field.is_required() else field.default)
