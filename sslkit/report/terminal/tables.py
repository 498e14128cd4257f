"""The comparison's tables and its verdict on the terminal."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sslkit.report.figures.cells import TableCell, figure_cell
from sslkit.report.figures.columns import Column, column_summary, columns_of
from sslkit.report.figures.label_budgets import label_order
from sslkit.report.figures.words import metric_words
from sslkit.report.fine_tuning.section import policy_table
from sslkit.report.fine_tuning.words import policy_sentences
from sslkit.report.grid.variants import is_variant, variant_sets
from sslkit.report.members import Member
from sslkit.report.read import read_comparison
from sslkit.report.terminal.sentences import print_sentences
from sslkit.report.terminal.variants import print_variants
from sslkit.report.tuning.section import tuning_sentences
from sslkit.report.verdict.collapse import collapse_sentences
from sslkit.report.verdict.words import SCOPE, verdict_answers


def print_table(folder: Path, console: Console) -> None:
    """The primary metric of every method at every label budget, and the report's verdict; of variants, one table."""
    comparison = read_comparison(folder)
    for variants in variant_sets(comparison.members):
        print_variants(variants, console)
    for member in comparison.members:
        if member.figures and not is_variant(member):
            _print_member(member, console)
    console.print(f"[dim]{escape(SCOPE)}[/]")


def _print_member(member: Member, console: Console) -> None:
    title = f"{member.name}: {metric_words(member.primary_metric)} in %, mean ± spread over seeds"
    columns = columns_of(member)
    for evaluator in dict.fromkeys(column.evaluator for column in columns):
        console.print(f"[bold]{escape(title)}, {escape(evaluator)}[/]")
        console.print(_figures(member, [column for column in columns if column.evaluator == evaluator]))
        title = member.name
    policies = policy_table(member)
    if policies:
        console.print(f"[bold]{escape(member.name)}, fine-tuning[/]")
        console.print(_policies(policies))
    for text in tuning_sentences(member):
        console.print(f"  {escape(text)}")
    print_sentences(collapse_sentences(member), console)
    for answer in verdict_answers(member):
        print_sentences(answer.sentences, console)
    print_sentences(policy_sentences(member), console)
    console.print()


def _figures(member: Member, columns: list[Column]) -> Table:
    """Methods × label budgets of one evaluator."""
    table = Table()
    table.add_column("method", no_wrap=True)
    columns = sorted(columns, key=lambda column: label_order(member, column.labels))
    for column in columns:
        table.add_column(column.title.replace(" / ", "/"), justify="right", no_wrap=True)
    table.add_column("n", justify="right", no_wrap=True)
    for method in member.methods:
        cells = [figure_cell(column_summary(member, method, column)) for column in columns]
        if any(cell.text for cell in cells):
            table.add_row(method, *map(_cell_text, cells), _seeds(cells))
    return table


def _policies(rows: list[tuple[str, str, list[tuple[str, TableCell]]]]) -> Table:
    """Methods and fine-tuning policies × label budgets."""
    table = Table()
    for title in ("method", "updated"):
        table.add_column(title, no_wrap=True)
    for title, _ in rows[0][2]:
        table.add_column(title.replace(" / ", "/"), justify="right", no_wrap=True)
    table.add_column("n", justify="right", no_wrap=True)
    for method, policy, found in rows:
        cells = [cell for _, cell in found]
        table.add_row(escape(method), escape(policy), *map(_cell_text, cells), _seeds(cells))
    return table


def _cell_text(cell: TableCell) -> str:
    if not cell.text:
        return "–"
    return f"{cell.text} ± {cell.spread}" if cell.spread else cell.text


def _seeds(cells: list[TableCell]) -> str:
    """How many seeds stand behind a row's figures: ``3``, or ``2–3`` where they differ."""
    counts = sorted({cell.n for cell in cells if cell.text})
    return "–".join(str(count) for count in (counts if len(counts) < 2 else [counts[0], counts[-1]]))
