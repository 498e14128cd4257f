"""Compare, stop and resume where POSIX modules, functions and signals are gone and Windows' own refusals stand.

Windows is not here: ``windows_like/sitecustomize.py`` takes away and refuses what it would, in the program and in every
worker process it spawns.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import torch
import yaml

import sslkit
from sslkit.cli import run
from tests.conftest import tiny, write_signals

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the fake looks for open files in /proc")

HERE = Path(__file__).parent
CTRL_C, CTRL_BREAK = 2, 21  # as Windows numbers them
STEPS = 150


PROGRAM = """
from sslkit.cli import main
for command in {commands!r}:
    try:
        main(command)
    except SystemExit as end:
        if end.code:
            raise
"""


def write_config(folder: Path) -> Path:
    """Two objectives, one with a Greek name, and a baseline; for two workers."""
    heads = {"hidden_dim": 16, "out_dim": 8}
    byol = {part: {"name": "byol-mlp", **heads} for part in ("projector", "predictor")}
    content = tiny(
        write_signals(folder / "signals.npz"),
        name="study",
        objectives=[
            {"name": "byol", "label": "byol τ→1", **byol},
            {"name": "simclr", "projector": {"name": "simclr-mlp", **heads}},
        ],
        budget={"steps": STEPS},
        baselines=["random"],
        evaluators=["linear"],
        evaluation={"labels_per_class": ["all"], "draws": 1},
        seeds=[0],
        workers=2,
    )
    content["training"]["checkpoint_seconds"] = 0.5
    (folder / "study.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return folder / "study.yaml"


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the config, and its comparison run without any fake in ``out``."""
    folder = tmp_path_factory.mktemp("reference")
    config = write_config(folder)
    assert run(["compare", str(config), "--out", str(folder / "out")]) == 0
    return folder


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts ``python ARGUMENTS`` on the faked system; none outlives the test."""
    (tmp_path / "processes").mkdir()
    paths = [HERE / "windows_like", Path(sslkit.__file__).parent.parent]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
        "PYTHONUTF8": "0",
        "PYTHONIOENCODING": "cp1252",
        "SSLKIT_PORTABILITY_LOG": str(tmp_path / "processes"),
    }
    started = []

    def start(*arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="cp1252",
            env=environment,
            cwd=tmp_path,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
            process.communicate()


def ended(process: subprocess.Popen[str], status: int = 0) -> str:
    """What it said on the error stream, once it has ended with that status."""
    _, errors = process.communicate(timeout=300)
    assert process.returncode == status, errors
    assert "Traceback" not in errors
    return errors


def wait_until_it_trains(process: subprocess.Popen[str], out: Path, runs: int) -> None:
    deadline = time.monotonic() + 200
    while sum(path.stat().st_size > 400 for path in out.glob("*/*/metrics.jsonl")) < runs:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_fake_takes_away_what_it_says(start: Start) -> None:
    program = """
import os, signal
taken = []
for attempt in ("import fcntl", "import resource", "import termios", "os.fork", "os.killpg", "os.getuid", "os.sysconf",
                "os.sched_getaffinity", "signal.SIGKILL", "signal.SIGHUP", "signal.pthread_sigmask", "os.EX_OK",
                "os.symlink('a', 'b')", "os.mkdir('a:b')", "os.mkdir('nul')", "os.mkdir('a.')", "os.mkdir('a' * 300)"):
    try:
        exec(attempt)
    except (ImportError, AttributeError, OSError):
        taken.append(attempt)
    else:
        print("still there:", attempt)
open("other", "w").close()
with open("text", "w") as file:
    file.write("é\\n")
    try:
        os.replace("other", "text")
    except PermissionError:
        taken.append("replace")
print(len(taken), open("text", "rb").read(), signal.SIGBREAK)
"""
    process = start("-c", program)
    output, errors = process.communicate(timeout=60)
    assert output.split("\n")[0] == r"18 b'\xe9\r\n' 21", output + errors


def test_compare_gives_the_same_bytes(start: Start, reference: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ended(start("-m", "sslkit", "compare", reference / "study.yaml", "--out", out))
    assert (out / "results.csv").read_bytes() == (reference / "out" / "results.csv").read_bytes()
    texts = [*out.rglob("*.json"), *out.rglob("*.jsonl"), *out.rglob("*.html"), *out.rglob("*.md")]
    assert len(texts) > 10 and not [path for path in texts if b"\r" in path.read_bytes()]
    assert "byol τ→1" in (out / "report.html").read_text("utf-8")
    assert len(list((tmp_path / "processes").iterdir())) >= 3  # the program and two workers
    run_folder = out / "study" / "byol τ→1-seed0"
    commands = [
        ["report", str(out)],
        ["evaluate", str(run_folder)],
        ["embed", str(run_folder), str(reference / "signals.npz"), "-o", str(tmp_path / "features.npz")],
        ["reproduce", str(out), "--out", str(tmp_path / "again"), "--runs", "random*"],
        ["env"],
    ]
    ended(start("-c", PROGRAM.format(commands=commands)))


@pytest.mark.slow
@pytest.mark.parametrize(("number", "workers"), [(CTRL_C, 2), (CTRL_BREAK, 1)])
def test_a_stop_saves_and_the_same_command_goes_on(
    start: Start, reference: Path, tmp_path: Path, number: int, workers: int
) -> None:
    """Workers save although no signal can be sent to them."""
    out = tmp_path / "out"
    command = ["-m", "sslkit", "compare", reference / "study.yaml", "--out", out, "--workers", workers]
    process = start(*command, "training.checkpoint_seconds=1000")
    wait_until_it_trains(process, out, workers)
    process.send_signal(number)
    assert "Run the same command again" in ended(process, 130)
    saved = [torch.load(path, weights_only=True)["step"] for path in out.rglob("checkpoint.pt")]
    assert len(saved) == workers and all(0 < step < STEPS for step in saved), saved
    ended(start(*command))
    assert (out / "results.csv").read_bytes() == (reference / "out" / "results.csv").read_bytes()


@pytest.mark.slow
def test_a_killed_program_takes_its_workers_along_and_resumes(
    start: Start, reference: Path, tmp_path: Path
) -> None:
    """The lock is free again, and nobody else writes into the folder."""
    out = tmp_path / "out"
    command = ["-m", "sslkit", "compare", reference / "study.yaml", "--out", out]
    process = start(*command)
    wait_until_it_trains(process, out, 2)
    workers = psutil.Process(process.pid).children(recursive=True)
    assert len(workers) >= 2
    process.send_signal(signal.SIGKILL)
    process.communicate()
    _, alive = psutil.wait_procs(workers, timeout=20)
    assert not alive
    ended(start(*command))
    assert (out / "results.csv").read_bytes() == (reference / "out" / "results.csv").read_bytes()


READER = """
import sys, time
print("reading", flush=True)
while True:
    with open(sys.argv[1], "rb"):
        time.sleep(float(sys.argv[2]))
    time.sleep(float(sys.argv[3]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("pauses", [True, False])
def test_a_reader_has_the_results_open(start: Start, reference: Path, tmp_path: Path, pauses: bool) -> None:
    """One that reads now and then delays the program a little; one that never lets go is named."""
    command = ["-m", "sslkit", "compare", reference / "study.yaml", "--out", reference / "out"]
    results = reference / "out" / "results.csv"
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(results), *(("0.5", "0.3") if pauses else ("600", "0"))],
        stdout=subprocess.PIPE,
    )
    assert reader.stdout is not None and reader.stdout.readline() == b"reading\n"
    try:
        errors = ended(start(*command), 0 if pauses else 2)
    finally:
        reader.kill()
        reader.communicate()
    assert pauses or "results.csv: cannot be replaced" in errors
    if not pauses:
        ended(start(*command))
