"""``results.csv``: one line a figure, in the study's order, the same bytes for the same figures."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

from sslkit.assembly import Prepared
from sslkit.config import Variant
from sslkit.running.plan import PlannedRun
from sslkit.running.results import COLUMNS, finished_results, write_results
from sslkit.running.runs import runs_of

ROW = {"evaluator": "linear", "labels_per_class": 3, "draw": 0, "metric": "accuracy", "value": 0.1 + 0.2}


def test_figures_keep_all_their_digits(tmp_path: Path) -> None:
    result = {"data": "a,b", "objective": 'say "x"', "seed": 0, "rows": [ROW], "varied": {}}
    write_results([result], tmp_path / "results.csv")
    assert (tmp_path / "results.csv").read_bytes() == (
        b"data,objective,seed,evaluator,labels_per_class,draw,metric,value\n"
        b'"a,b","say ""x""",0,linear,3,0,accuracy,0.30000000000000004\n'
    )


def test_what_varies_gets_a_column_that_others_leave_empty(tmp_path: Path) -> None:
    base = {"data": "d", "objective": "o", "seed": 0, "rows": [ROW]}
    varied = [{"tau": 0.5, "views": None}, {"tau": [1, 2]}, {}]
    write_results([{**base, "varied": values} for values in varied], tmp_path / "results.csv")
    with (tmp_path / "results.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [*COLUMNS, "tau", "views"]
    assert [(row["tau"], row["views"]) for row in rows] == [("0.5", "none"), ("1+2", ""), ("", "")]


def test_no_results_are_a_header(tmp_path: Path) -> None:
    write_results([], tmp_path / "results.csv")
    assert (tmp_path / "results.csv").read_text(encoding="utf-8") == ",".join(COLUMNS) + "\n"


def test_a_shared_run_stands_at_each_member_and_an_unfinished_one_nowhere(
    prepared: Prepared, tmp_path: Path
) -> None:
    first, second, third = runs_of(prepared.experiment)
    folder = tmp_path / "one" / first.folder_name
    folder.mkdir(parents=True)
    own = {"data": "one", "objective": first.method, "seed": 0, "rows": [ROW]}
    (folder / "result.json").write_text(json.dumps(own), encoding="utf-8")
    members = [
        replace(prepared.experiment, name=name, variant=Variant("study", "grid", {"steps": number}))
        for number, name in enumerate(("one", "two"))
    ]
    planned = [PlannedRun(member, first, "one", folder) for member in members]
    planned.append(PlannedRun(members[1], second, "two", tmp_path / "two" / second.folder_name))
    planned.append(PlannedRun(members[1], third, "two", tmp_path / "nowhere"))
    found = finished_results(planned)
    assert [(one["data"], one["varied"], one["rows"]) for one in found] == [
        ("one", {"steps": 0}, [ROW]),
        ("two", {"steps": 1}, [ROW]),
    ]
