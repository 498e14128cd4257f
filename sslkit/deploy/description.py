"""``run.json``: what a run says of itself, beside its encoder."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypedDict

from sslkit.records import RunFacts, read_record

RUN_JSON = "run.json"


class RunDescription(TypedDict):
    """The resolved config, the objective with its settings, and the seed."""

    config: dict[str, Any]
    objective: dict[str, Any]
    seed: int


def read_description(run: Path) -> RunDescription:
    """Of the run in that folder.

    Raises:
        SSLKitError: missing, or not of sslkit.
    """
    found = read_record(run / RUN_JSON, RunFacts)
    return RunDescription(config=found["config"], objective=found["objective"], seed=found["seed"])
