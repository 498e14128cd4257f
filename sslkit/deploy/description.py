"""``run.json``: what a run says of itself, beside its encoder."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypedDict

from sslkit.errors import SSLKitError
from sslkit.files import read_json

RUN_JSON = "run.json"
WHAT = "a run's description (the folder of one run, e.g. runs/NAME/DATA/byol-seed0)"


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
    path = run / RUN_JSON
    found = read_json(path, WHAT)
    try:
        good = isinstance(found["config"]["data"]["name"], str) and {"objective", "seed"} <= found.keys()
    except (KeyError, TypeError):
        good = False
    if not good:
        raise SSLKitError(f"{path}: is not {WHAT}.")
    return RunDescription(config=found["config"], objective=found["objective"], seed=found["seed"])
