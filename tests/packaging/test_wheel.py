"""A wheel, made from the sdist as ``python -m build`` does, works where there are no sources.

It is installed without its dependencies into a folder of its own, which comes before everything else on the path: the
libraries are those of the environment that runs the tests, sslkit is the wheel's.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.conftest import tiny, write_signals

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
BROUGHT = ("sslkit", "configs", "docs", "plugins", "tests")  # folders that the sdist has whole
MADE = {"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache"}


def run(command: list[str], folder: Path, **environment: str) -> str:
    """What a command printed; a test that fails where it does."""
    found = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, encoding="utf-8"
    )
    assert found.returncode == 0, f"{command}\n{found.stdout}\n{found.stderr}"
    return found.stdout


def files_below(folder: Path) -> set[str]:
    """Files of the clone in a folder, as paths seen from the root; without what tools left there."""
    paths = (path for path in folder.rglob("*") if path.is_file() and not MADE & set(path.parts))
    return {path.relative_to(ROOT).as_posix() for path in paths}


@dataclass(frozen=True)
class Installed:
    """The folder with the wheel's packages, and an empty one to work in."""

    site: Path
    work: Path

    def python(self, *arguments: str) -> str:
        """Run Python with the wheel's packages before all others, and nothing of the clone."""
        command = [sys.executable, "-P", *arguments]
        return run(command, self.work, PYTHONPATH=str(self.site), PYTHONSAFEPATH="1", PYTHONUTF8="1")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an sdist, and the wheel that was made from it."""
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)], folder)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    (wheel,) = built.glob("*.whl")
    found = Installed(tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("work"))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    run([*pip, "--target", str(found.site), str(wheel)], found.work)
    return found


def test_the_sdist_has_every_file_of_the_clone(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = set().union(*(files_below(ROOT / folder) for folder in BROUGHT))
    assert wanted | {"LICENSE", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "pyproject.toml"} <= names


def test_the_wheel_has_the_package_the_configs_and_the_licence_only(built: Path) -> None:
    (path,) = built.glob("*.whl")
    names = set(zipfile.ZipFile(path).namelist())
    info = f"{path.name.rsplit('-', 3)[0]}.dist-info/"
    package = files_below(ROOT / "sslkit") | {f"sslkit/{name}" for name in files_below(ROOT / "configs")}
    assert {name for name in names if not name.startswith(info)} == package
    assert {f"{info}licenses/LICENSE", f"{info}entry_points.txt", f"{info}METADATA"} <= names
    assert {"sslkit/py.typed", "sslkit/pages/page.css", "sslkit/pages/page.js"} <= package


def test_the_wheel_is_what_runs(installed: Installed) -> None:
    program = "import sslkit, importlib.metadata as m; print(sslkit.__file__, m.version('sslkit'), sslkit.__version__)"
    path, version, own = installed.python("-c", program).rsplit(maxsplit=2)
    assert Path(path).is_relative_to(installed.site) and version == own


def test_the_command_lists_components_and_finds_a_carried_config(installed: Installed) -> None:
    (script,) = (path for path in (installed.site / "bin").glob("sslkit*"))
    listed = run([str(script), "list"], installed.work, PYTHONPATH=str(installed.site))
    assert "time-warp" in listed and "simclr" in listed
    assert "steps" in installed.python("-m", "sslkit", "check", "sensors/watch")


def test_a_comparison_runs_and_leaves_report_cards_and_encoders(installed: Installed) -> None:
    config = tiny(write_signals(installed.work / "signals.npz"), workers=2)
    (installed.work / "tiny.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    printed = installed.python("-m", "sslkit", "compare", "tiny.yaml")
    folder = installed.work / "runs" / "tiny"
    assert "report.html" in printed and "<svg" in (folder / "report.html").read_text(encoding="utf-8")
    assert all((folder / name).stat().st_size for name in ("data_card.md", "model_card.md", "results.csv"))
    assert len(list(folder.glob("*/*/encoder.safetensors"))) == 4
    installed.python("-m", "sslkit", "preview", "tiny.yaml")
    assert (installed.work / "runs" / "tiny-preview" / "preview.html").stat().st_size
