"""Grids and ablations on the terminal: the report's tables of them, and what it says."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sslkit.report.figures.cells import TableCell
from sslkit.report.grid.ablation import ablation_answers, ablation_effects, ablation_table
from sslkit.report.grid.tables import grid_table
from sslkit.report.grid.variants import VariantSet
from sslkit.report.grid.words import grid_answers
from sslkit.report.terminal.sentences import print_sentences


def print_variants(variants: VariantSet, console: Console) -> None:
    """A table for each label budget that is asked first, then sentences."""
    if variants.kind == "ablation":
        found = ablation_effects(variants)
        tables = [_ablation(ablation_table(effects)) for effects in found]
        answers = ablation_answers(found)
    else:
        tables = [_grid(grid_table(variants, column)) for column in variants.columns]
        answers = grid_answers(variants)
    for table in tables:
        console.print(f"[bold]{escape(f'{variants.of}: {variants.metric} of the linear probe')}[/]")
        console.print(table)
    for answer in answers:
        console.print(f"  [bold]{escape(answer.condition)}[/]")
        print_sentences(answer.sentences, console)
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
            table.add_row(escape(row["name"]), *map(_cell_text, row["cells"]))
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
        table.add_row(escape(row["name"]), *map(_cell_text, row["cells"]))
    return table


def _cell_text(cell: TableCell) -> str:
    if not cell.text:
        return "–"
    text = f"[bold]{cell.text}[/]" if cell.sure else cell.text
    return f"{text}\n[dim]{cell.range}[/]"
