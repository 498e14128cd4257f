"""Grids and ablations on the terminal: the report's tables of them, and what it says."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sslkit.report.grid import ablation, tables, words
from sslkit.report.grid.variants import Family
from sslkit.report.results import summaries

SIGNS = {"won": "▲", "lost": "▼", "even": "≈", "open": "○"}


def print_family(family: Family, console: Console) -> None:
    """A table for each label budget that is asked first, then sentences."""
    if family.kind == "ablation":
        found = ablation.effects(family)
        shown = [_ablation(ablation.ablation_table(some)) for some in found]
        answers = ablation.ablation_answers(found)
    else:
        shown = [_grid(tables.table_of(family, column)) for column in family.columns]
        answers = words.answers(family)
    for table in shown:
        console.print(f"[bold]{escape(f'{family.of}: {family.metric} of the linear probe')}[/]")
        console.print(table)
    for answer in answers:
        console.print(f"  [bold]{escape(answer['condition'])}[/]")
        for sentence in answer["sentences"]:
            console.print(f"  {SIGNS[sentence['verdict']]} {escape(sentence['text'])}")
    console.print()


def _grid(content: dict[str, Any]) -> Table:
    table = Table(title=f"{content['condition']}: mean in %, differences in points, 95 % intervals")
    table.add_column(f"{content['axis']}", no_wrap=True)
    for title in content["titles"]:
        table.add_column(escape(title), justify="right")
    for row in content["rows"]:
        if "heading" in row:
            table.add_section()
            table.add_row(f"[bold]{escape(row['heading'])}[/]")
        else:
            table.add_row(escape(row["name"]), *map(_cell, row["cells"]))
    return table


def _ablation(content: dict[str, Any]) -> Table:
    table = Table(
        title=f"{content['condition']}: points; worth: all − without it, alone: it alone − all",
    )
    table.add_column("augmentation")
    for objective in content["objectives"]:
        table.add_column(f"{escape(objective)}, worth", justify="right")
        table.add_column("alone", justify="right")
    for row in content["rows"]:
        table.add_row(escape(row["name"]), *map(_cell, row["cells"]))
    return table


def _cell(cell: summaries.TableCell) -> str:
    if not cell.text:
        return "–"
    text = f"[bold]{cell.text}[/]" if cell.sure else cell.text
    return f"{text}\n[dim]{cell.range}[/]"
