"""One group on both sides of a split."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sslkit.guards.findings import SHOWN, Finding
from sslkit.types import Part


def shared_groups(
    train: Part, validation: Part, test: Part, name_of: Callable[[int], str] = "group {}".format
) -> list[Finding]:
    """Groups (subjects, machines, recordings) of the test part that training or validation has too.

    Also those between training and validation: what is chosen there would be chosen on people already seen.
    ``name_of`` gives a group's name for its number.
    """
    found = []
    for name, part, others in (("test", test, (train, validation)), ("validation", validation, (train,))):
        known = [other.groups for other in others if other.groups is not None]
        if part.groups is None or not known:
            continue
        own = np.unique(part.groups)
        shared = np.intersect1d(own, np.concatenate(known))
        if len(shared):
            samples = int(np.isin(part.groups, shared).sum())
            listed = ", ".join(map(name_of, shared[:SHOWN].tolist())) + (" …" if len(shared) > SHOWN else "")
            found.append(
                Finding(
                    "groups",
                    f"{len(shared)} of {len(own)} groups of the {name} part are in the training part too "
                    f"({listed}; {samples} of {len(part)} {name} samples). Split by group: leave the "
                    "source's own split out, or correct the groups.",
                    True,
                    len(shared),
                    len(own),
                )
            )
    return found
