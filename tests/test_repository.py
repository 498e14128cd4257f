"""What the workflow, the hooks, the issue templates and ``.ci/run`` call exists: commands, files, extras, versions."""

from __future__ import annotations

import importlib.metadata
import re
import shlex
import tomllib
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

import pytest
import yaml

from sslkit.cli import make_parser

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WORKFLOW = ROOT / ".github" / "workflows" / "tests.yml"
HOOKS = ROOT / ".pre-commit-config.yaml"
TEMPLATES = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
SHELL = {"set", "cd", "trap", "rm", "export", "test", "echo", "sed", "bash", "python3"}


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def called() -> list[Any]:
    """Every command of the repository's own machinery, as a test parameter."""
    found = [("ci", line) for line in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()]
    for job, content in read(WORKFLOW)["jobs"].items():
        found += [(f"workflow-{job}", step["run"]) for step in content["steps"] if "run" in step]
    found += [("hook", hook["entry"]) for repository in read(HOOKS)["repos"] for hook in repository["hooks"]]
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found += [
        ("contributing", line)
        for block in re.findall(r"^```bash\n(.*?)^```", text, re.M | re.S)
        for line in block.splitlines()
    ]
    commands = [
        (where, part.strip())
        for where, line in found
        if not line.startswith("#")
        for part in re.split(r"&&|\||;", line)
    ]
    return [
        pytest.param(text, id=f"{where}: {text}")
        for where, text in dict.fromkeys(commands)
        if text and not re.match(r"\w+=", text)
    ]


def test_there_is_something_to_test() -> None:
    texts = [one.values[0] for one in called()]
    wanted = ("sslkit", "pytest", "ruff", "mypy", "python -m build", "python -m pip", "pre-commit")
    assert {name for name in wanted if not any(text.startswith(name) for text in texts)} == set()


@pytest.mark.parametrize("text", called())
def test_commands_exist(text: str) -> None:
    first, *rest = shlex.split(re.sub(r"\$\(.*?\)", "", text), comments=True)
    if first == "sslkit":
        make_parser().parse_args(rest)
    elif first == "python" and rest[0] == "-m":
        # not importlib.util's: setuptools, on Python 3.11, takes a look for pip as a sign to leave distutils alone
        assert PathFinder.find_spec(rest[1]) is not None
    elif first == "python":
        assert (ROOT / rest[0]).is_file()
    elif first == "pre-commit":  # of the extra dev, which the tests do without
        assert any(one.startswith("pre-commit") for one in PROJECT["project"]["optional-dependencies"]["dev"])
    elif first not in SHELL:
        assert importlib.metadata.version(first)  # tools whose package has their name
    for path in re.findall(r"(?<![\w./$-])(?:tests|configs|requirements|docs)/[\w./-]+", text):
        assert (ROOT / path).exists(), path
    for extra in re.findall(r'"\.\[(\w+)\]"', text):
        assert extra in PROJECT["project"]["optional-dependencies"]


def test_the_workflow_tries_three_systems_and_both_ends_of_the_range() -> None:
    jobs = read(WORKFLOW)["jobs"]
    matrix = jobs["tests"]["strategy"]["matrix"]
    assert {name.partition("-")[0] for name in matrix["system"]} == {"ubuntu", "macos", "windows"}
    oldest = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert oldest in matrix["python"] and len(matrix["python"]) == 2
    needed = {need for job in jobs.values() if "needs" in job for need in [job["needs"]]}
    assert needed <= set(jobs)


def test_the_templates_ask_for_the_block_of_env() -> None:
    forms = {path.stem: read(path) for path in TEMPLATES}
    assert {"fault", "wish", "config"} == set(forms)
    asked = [field for field in forms["fault"]["body"] if "`sslkit env`" in field["attributes"]["label"]]
    assert len(asked) == 1 and asked[0]["validations"]["required"]
    for path in TEMPLATES:
        for command in re.findall(r"`(sslkit [^`]+)`", path.read_text(encoding="utf-8")):
            make_parser().parse_args(shlex.split(command)[1:])


def test_the_changelog_tells_of_this_version_and_of_modules_that_exist() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (\S+)", text, re.M)
    assert versions[0] == "Unreleased" and PROJECT["project"]["version"] in versions
    kinds = set(re.findall(r"^### (.*)$", text, re.M))
    assert {"Added", "Changed"} <= kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    moved = [line.strip("| ").split(" | ")[1] for line in text.splitlines() if line.startswith("  | `sslkit")]
    now = [name for cell in moved for name in re.findall(r"`(sslkit[\w.]+)`", cell)]
    assert len(now) > 8 and [name for name in now if importlib.util.find_spec(name) is None] == []
