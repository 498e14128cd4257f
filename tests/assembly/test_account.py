from io import StringIO
from pathlib import Path

from rich.console import Console

from sslkit.assembly import prepare
from sslkit.assembly.account import print_account, reading_facts, reading_notes
from sslkit.config import parse_study
from sslkit.plugins import load_registry
from tests.conftest import tiny


def test_what_was_read_is_said_in_one_place(tmp_path: Path, signals: Path) -> None:
    registry, _ = load_registry()
    prepared = prepare(parse_study(tiny(signals), [], registry).experiments[0], registry)
    facts = reading_facts(prepared)
    counts = prepared.splits.train.y
    assert facts["classes"].startswith("2 (training / validation / test): 0 ")
    assert f"0 {(counts == 0).sum()} / " in facts["classes"] and "frequencies" not in facts
    prepared.frontend.range_hz = (60.0, 7800.0)
    prepared.dataset.spec.__dict__["rate_hz"] = 16_000.0
    assert reading_facts(prepared)["frequencies"] == "the front end hears 60…7,800 of 0…8,000 Hz"
    said = StringIO()
    print_account(prepared, Console(file=said, width=200))
    assert all(label in said.getvalue() for label in facts)
    assert all(str(note) in said.getvalue() for note in reading_notes(prepared))
