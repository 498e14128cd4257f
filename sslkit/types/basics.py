"""What every component is, how a config describes one, and types of settings.

Annotations are a component's schema:

>>> import sslkit
>>> from sslkit.registry import Registry
>>> class Blink(sslkit.Objective):
...     "An example."
...     def __init__(
...         self,
...         backbone: sslkit.Backbone,
...         share: sslkit.Probability,
...         head: sslkit.Factory[sslkit.Head],
...         temperature: sslkit.Positive = 0.5,
...         views: sslkit.Count = 2,
...     ) -> None: ...
>>> registry, problems = Registry(), []
>>> registry.add("blink", Blink)
>>> registry.check("objective", {"name": "blink", "share": 1.5, "views": 0}, "objectives[0]", problems)
>>> for problem in problems:
...     print(problem)
objectives[0].share: input should be less than or equal to 1, found 1.5.
objectives[0].views: input should be greater than or equal to 1, found 0.
objectives[0].head: objective 'blink' needs it (head).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import AfterValidator, Field

T = TypeVar("T")
Factory = Callable[
    ..., T
]  # a setting annotated Factory[Head] takes a component spec, and gets its constructor

ReportProgress = Callable[[int, int, str], None]  # told how far a job is: (done, in all, words)

Probability = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NonNegative = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=1)]
Precision = Literal["fp32", "bf16"]


def _share_of_labels(text: str) -> str:
    """``1 %`` → ``1%``, ``100%`` → ``all``."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*%\s*", text)
    if text == "all" or (found and float(found[1]) == 100):
        return "all"
    if found is None or not 0 < float(found[1]) < 100:
        raise ValueError("give a number of labels per class, a share like '10%', or 'all'")
    return f"{float(found[1]):g}%"


# labels per class, a share of each class's labels ("1%"), or "all"
LabelBudget = Annotated[int, Field(ge=1)] | Annotated[str, AfterValidator(_share_of_labels)]


class Component:
    """Base of every kind."""

    kind: ClassVar[str]
    runtime: ClassVar[frozenset[str]] = frozenset()
    common: ClassVar[Mapping[str, Any]] = {}


@dataclass(frozen=True)
class ComponentSpec:
    """A checked ``{name: …, setting: …}``. Settings hold plain values, nested specs, or lists of either."""

    kind: str
    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    def to_plain(self) -> dict[str, Any]:
        """Back to what a YAML file would say."""
        return {"name": self.name, **{key: _plain(value) for key, value in self.settings.items()}}


def _plain(value: object) -> object:
    if isinstance(value, ComponentSpec):
        return value.to_plain()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
