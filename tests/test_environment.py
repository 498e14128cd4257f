"""The block of versions, devices and plugins."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import sys
from email.message import Message
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
import torch

import sslkit
from sslkit.environment import describe_environment

REQUIRES = [
    "torch>=2.6",
    "numpy>=1.26",
    'ghost-package>=1; python_version >= "3.8"',
    'old-python-only; python_version < "3"',
    'timm>=1.0; extra == "timm"',
    'mlxtend>=0.23; extra == "demo"',
    'seglearn>=1.2.5; extra == "demo"',
    'sslkit[demo]; extra == "test"',
    'pytest>=8; extra == "test"',
]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Versions of what is installed beside an sslkit that requires ``REQUIRES``; the test may change them."""
    versions = {"torch": "2.11.0", "numpy": "2.1.0", "mlxtend": "0.24.0", "pytest": "9.0.1"}
    metadata = Message()
    for extra in ("demo", "timm", "test"):
        metadata["Provides-Extra"] = extra

    def version(name: str) -> str:
        if name not in versions:
            raise importlib.metadata.PackageNotFoundError(name)
        return versions[name]

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(
        importlib.metadata,
        "distribution",
        lambda name: SimpleNamespace(requires=REQUIRES, metadata=metadata),
    )
    return versions


def rows(*plugin_paths: object) -> dict[str, str]:
    block = describe_environment([str(path) for path in plugin_paths])
    return dict(re.split(r"  +", line, maxsplit=1) for line in block.splitlines())  # type: ignore[misc]


def test_the_program_the_python_and_the_system() -> None:
    found = rows()
    assert found["sslkit"].startswith(f"{sslkit.__version__} in ")
    assert found["Python"].startswith(".".join(map(str, sys.version_info[:3])))
    assert platform.system() in found["system"] or platform.mac_ver()[0] in found["system"]


def test_required_packages_have_their_versions(installed: dict[str, str]) -> None:
    found = rows()
    assert (found["torch"], found["numpy"]) == ("2.11.0", "2.1.0")
    assert found["ghost-package"] == "missing"
    assert "old-python-only" not in found


def test_extras_say_what_is_there_and_what_is_missing(installed: dict[str, str]) -> None:
    found = rows()
    assert found["[demo]"] == "mlxtend 0.24.0, seglearn missing"
    assert found["[timm]"] == "timm missing"
    assert found["[test]"] == "pytest 9.0.1"


def test_a_version_that_is_not_asked_for_stands_out(installed: dict[str, str]) -> None:
    installed.update(numpy="1.20.3", mlxtend="0.1")
    found = rows()
    assert found["numpy"] == "1.20.3 (sslkit asks for >=1.26)"
    assert found["[demo]"].startswith("mlxtend 0.1 (sslkit asks for >=0.23)")


def test_a_folder_of_sources_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> Any:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "distribution", nothing)
    assert rows()["packages"].startswith("sslkit is not installed as a package")


def test_processors_and_memory() -> None:
    found = rows()
    assert re.fullmatch(rf"\d+ of {os.cpu_count()} processors, \d+ threads of torch", found["CPU"])
    total = float(found["memory"].split()[0])
    assert total == pytest.approx(psutil.virtual_memory().total / 2**30, abs=0.06)


def test_a_torch_without_cuda(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.version, "cuda", None)
    monkeypatch.setattr(torch.version, "hip", None)
    assert rows()["CUDA"] == "none (torch is built without)"


def test_a_torch_with_cuda_on_a_machine_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.version, "cuda", "12.8")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert rows()["CUDA"] == "none (torch is built for CUDA 12.8; no device or no driver for it)"


def test_each_device_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    cards = [
        SimpleNamespace(name=f"Card {i}", total_memory=(i + 1) * 2**33, major=9, minor=i) for i in (0, 1)
    ]
    monkeypatch.setattr(torch.version, "cuda", "12.8")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "get_device_properties", cards.__getitem__)
    found = rows()
    assert found["CUDA"].startswith("torch is built for CUDA 12.8, cuDNN ")
    assert found["cuda:0"] == "Card 0, 8.0 GiB, compute capability 9.0"
    assert found["cuda:1"] == "Card 1, 16.0 GiB, compute capability 9.1"


def test_a_broken_driver_costs_its_line_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(number: int) -> Any:
        raise RuntimeError("CUDA error: unknown error\nwith more lines")

    monkeypatch.setattr(torch.version, "cuda", "12.8")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setattr(torch.cuda, "get_device_properties", broken)
    found = rows()
    assert found["CUDA"] == "cannot be read: RuntimeError: CUDA error: unknown error"
    assert {"CPU", "MPS", "plugins"} <= found.keys()


@pytest.mark.parametrize(("available", "words"), [(True, "available"), (False, "none")])
def test_mps(available: bool, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: available)
    assert rows()["MPS"] == words


def test_plugins_with_their_state_broken_ones_in_one_line(tmp_path: Any) -> None:
    (tmp_path / "broken.py").write_text("raise RuntimeError('first\\nsecond')\n", encoding="utf-8")
    found = rows(tmp_path)
    assert found["plugin broken"].endswith("broken.py: RuntimeError: first second")
    assert found["plugin broken"].startswith("local file, ")


def test_a_plugin_path_that_is_not_there(tmp_path: Any) -> None:
    assert "there is no such file or folder" in rows(tmp_path / "none")["plugins"]


def test_variables_that_matter_are_said_where_they_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    found = rows()
    assert found["CUDA_VISIBLE_DEVICES"] == "1"
    assert "OMP_NUM_THREADS" not in found


def test_the_home_folder_is_not_told(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    (tmp_path / "mine.py").write_text("1/0\n", encoding="utf-8")
    block = describe_environment([str(tmp_path / "mine.py")])
    assert str(tmp_path) not in block and f"~{os.sep}mine.py" in block


def test_a_home_at_the_root_does_not_eat_the_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, os.path.abspath(os.sep))
    assert str(sslkit.__file__).removesuffix("__init__.py").rstrip(os.sep) in rows()["sslkit"]


def test_it_is_exported() -> None:
    assert sslkit.describe_environment().splitlines()[0].startswith("sslkit ")
