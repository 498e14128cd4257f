"""The oldest versions that are tested are those that are promised."""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent


def test_the_oldest_versions_are_the_lower_bounds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    stated = [Requirement(line) for group in groups for line in group]
    bounds = {item.name: _version(item, ">=") for item in stated if item.name != project["name"]}
    lines = (ROOT / "requirements" / "oldest.txt").read_text(encoding="utf-8").splitlines()
    pinned = [Requirement(line) for line in lines if not line.startswith("#")]
    assert {item.name: _version(item, "==") for item in pinned} == bounds


def _version(requirement: Requirement, operator: str) -> str:
    """The one version that a requirement states with an operator."""
    (version,) = (part.version for part in requirement.specifier if part.operator == operator)
    return version
