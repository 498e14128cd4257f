"""One written report for all tests of the page: drawing it takes seconds."""

from __future__ import annotations

from pathlib import Path

import pytest

from sslkit.report import write_report
from tests.report import fake_run


@pytest.fixture(scope="session")
def small_maps() -> pytest.MonkeyPatch:
    """Maps of few samples, which are drawn by PCA in no time."""
    patch = pytest.MonkeyPatch()
    patch.setattr(fake_run, "SAMPLES_OF_MAP", 50)
    return patch


@pytest.fixture(scope="session")
def suite(tmp_path_factory: pytest.TempPathFactory, small_maps: pytest.MonkeyPatch) -> Path:
    """The folder of a comparison on three data sets with its report."""
    folder = fake_run.write_fake_run(tmp_path_factory.mktemp("runs") / "suite<1>")
    write_report(folder)
    return folder


@pytest.fixture(scope="session")
def page(suite: Path) -> str:
    return (suite / "report.html").read_text(encoding="utf-8")


@pytest.fixture
def one_data_set(tmp_path: Path, small_maps: pytest.MonkeyPatch) -> Path:
    """The folder of a comparison on one data set, three seeds, without a report yet."""
    return fake_run.write_fake_run(tmp_path / "one", members=("clothes",))
