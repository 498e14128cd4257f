"""What this copy of sslkit runs on, as a block of lines to paste into an issue."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import torch
from packaging.requirements import Requirement

import sslkit
from sslkit.errors import in_a_line
from sslkit.plugins import PATH_VARIABLE, load_registry

VARIABLES = (
    PATH_VARIABLE,
    "CUDA_VISIBLE_DEVICES",
    "OMP_NUM_THREADS",
    "PYTORCH_ENABLE_MPS_FALLBACK",
    "RAY_ADDRESS",
)
GIB = 2**30
Row = tuple[str, str]  # a name and what there is to say


def describe_environment(plugin_paths: Sequence[str | Path] = ()) -> str:
    """Versions, devices and plugins, a line each: a block to paste into an issue.

    What cannot be found out (a package that is missing, a driver or a plugin that is broken) is said in its line and
    never raised. The home folder is written ``~``.

    Args:
        plugin_paths: plugin files or folders, besides those in ``SSLKIT_PLUGIN_PATH``.

    >>> import sslkit
    >>> print(sslkit.describe_environment())
    sslkit ...
    Python ...
    """
    rows = [
        *_guarded("sslkit", _program),
        *_guarded("packages", _packages),
        *_guarded("devices", _devices),
        *_guarded("plugins", lambda: _plugins(tuple(str(path) for path in plugin_paths))),
        *_variables(),
    ]
    width = max(len(name) for name, _ in rows)
    text = "\n".join(f"{name:<{width}}  {' '.join(words.split())}" for name, words in rows)
    return _without_home(text)


def _without_home(text: str) -> str:
    home = os.path.expanduser("~")
    return text.replace(home, "~") if len(Path(home).parts) > 1 else text


def _guarded(name: str, rows: Callable[[], Iterator[Row]]) -> list[Row]:
    """The rows, or a row that says why there are none: who writes an issue has a broken system, perhaps."""
    found: list[Row] = []
    try:
        found.extend(rows())
    except Exception as error:
        found.append((name, f"cannot be read: {in_a_line(error)}"))
    return found


def _program() -> Iterator[Row]:
    yield "sslkit", f"{sslkit.__version__} in {Path(sslkit.__file__).parent}"
    yield "Python", f"{platform.python_version()} ({platform.python_implementation()})"
    yield "system", platform.platform()


def _packages() -> Iterator[Row]:
    """What sslkit requires, and what each extra does: versions, and whether they are those that are asked for."""
    try:
        distribution = importlib.metadata.distribution("sslkit")
    except importlib.metadata.PackageNotFoundError:
        yield "packages", "sslkit is not installed as a package, so what it requires is not known"
        return
    required = [Requirement(text) for text in distribution.requires or ()]
    for requirement in required:
        if _is_needed(requirement, ""):
            yield requirement.name, _state(requirement)
    for extra in distribution.metadata.get_all("Provides-Extra") or ():
        own = [one for one in required if _is_needed(one, extra) and not _is_needed(one, "")]
        states = [f"{one.name} {_state(one)}" for one in own if one.name != "sslkit"]
        yield f"[{extra}]", ", ".join(states)


def _is_needed(requirement: Requirement, extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def _state(requirement: Requirement) -> str:
    """The installed version of a required package, and a word where it is not what is asked for."""
    try:
        version = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        return "missing"
    fits = requirement.specifier.contains(version, prereleases=True)
    return version if fits else f"{version} (sslkit asks for {requirement.specifier})"


def _devices() -> Iterator[Row]:
    memory = psutil.virtual_memory()
    process = psutil.Process()
    usable = len(process.cpu_affinity() or ()) if hasattr(process, "cpu_affinity") else os.cpu_count()
    yield "CPU", f"{usable} of {os.cpu_count()} processors, {torch.get_num_threads()} threads of torch"
    yield "memory", f"{memory.total / GIB:.1f} GiB, {memory.available / GIB:.1f} GiB free"
    yield from _guarded("CUDA", _cuda)
    yield from _guarded("MPS", _mps)


def _cuda() -> Iterator[Row]:
    if torch.version.cuda is None and torch.version.hip is None:
        yield "CUDA", "none (torch is built without)"
        return
    built = f"CUDA {torch.version.cuda}" if torch.version.cuda else f"ROCm {torch.version.hip}"
    if not torch.cuda.is_available():
        yield "CUDA", f"none (torch is built for {built}; no device or no driver for it)"
        return
    cudnn: Any = torch.backends.cudnn  # it has no types
    yield "CUDA", f"torch is built for {built}, cuDNN {cudnn.version()}"
    for number in range(torch.cuda.device_count()):
        card = torch.cuda.get_device_properties(number)
        size = f"{card.total_memory / GIB:.1f} GiB"
        yield f"cuda:{number}", f"{card.name}, {size}, compute capability {card.major}.{card.minor}"


def _mps() -> Iterator[Row]:
    yield "MPS", "available" if torch.backends.mps.is_available() else "none"


def _plugins(paths: tuple[str, ...]) -> Iterator[Row]:
    _, plugins = load_registry(paths)
    if not plugins:
        yield "plugins", "none"
    for plugin in plugins:
        brings = f" ({', '.join(plugin.components)})" if plugin.components else ""
        yield f"plugin {plugin.name}", f"{plugin.version}, {plugin.source}: {plugin.status}{brings}"


def _variables() -> Iterator[Row]:
    for name in VARIABLES:
        if name in os.environ:
            yield name, os.environ[name]
