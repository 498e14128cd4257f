"""The comparison's tables and its verdict on the terminal."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sslkit.report.fine_tuning import section
from sslkit.report.grid.variants import families, is_variant
from sslkit.report.read import Member, read_comparison
from sslkit.report.results import summaries
from sslkit.report.terminal.families import SIGNS, print_family
from sslkit.report.tuned import tuned_words
from sslkit.report.verdict import words
from sslkit.report.verdict.collapse import collapses


def print_table(folder: Path, console: Console) -> None:
    """The primary metric of every method at every label budget, and the report's verdict; of variants, one table."""
    comparison = read_comparison(folder)
    for family in families(comparison.members):
        print_family(family, console)
    for member in comparison.members:
        if member.figures and not is_variant(member):
            _print_member(member, console)
    console.print(f"[dim]{escape(words.SCOPE)}[/]")


def _print_member(member: Member, console: Console) -> None:
    title = f"{member.name}: {member.primary_metric.replace('_', ' ')} in %, mean ± spread over seeds"
    columns = summaries.columns_of(member)
    for evaluator in dict.fromkeys(column.evaluator for column in columns):
        console.print(f"[bold]{escape(title)}, {escape(evaluator)}[/]")
        console.print(_table(member, [column for column in columns if column.evaluator == evaluator]))
        title = member.name
    tuned = section.tuned_table(member)
    if tuned:
        console.print(f"[bold]{escape(member.name)}, fine-tuning[/]")
        console.print(_tuned(tuned))
    for text in tuned_words(member):
        console.print(f"  {escape(text)}")
    said = collapses(member)
    said += [sentence for answer in words.verdicts(member) for sentence in answer.sentences]
    said += section.sentences(member)
    for sentence in said:
        console.print(f"  {SIGNS[sentence.verdict]} {escape(sentence.text)}")
    console.print()


def _table(member: Member, columns: list[summaries.Column]) -> Table:
    table = Table()
    table.add_column("method", no_wrap=True)
    columns = sorted(columns, key=lambda column: summaries.label_order(member, column.labels))
    for column in columns:
        table.add_column(column.title.replace(" / ", "/"), justify="right", no_wrap=True)
    table.add_column("n", justify="right", no_wrap=True)
    for method in member.methods:
        cells = [summaries.figure_cell(summaries.summary(member, method, column)) for column in columns]
        if any(cell.text for cell in cells):
            table.add_row(method, *map(_cell_text, cells), _seeds(cells))
    return table


def _tuned(rows: list[tuple[str, str, list[tuple[str, summaries.TableCell]]]]) -> Table:
    """Methods and policies × label budgets."""
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


def _cell_text(cell: summaries.TableCell) -> str:
    if not cell.text:
        return "–"
    return f"{cell.text} ± {cell.spread}" if cell.spread else cell.text


def _seeds(cells: list[summaries.TableCell]) -> str:
    """How many seeds stand behind a row's figures: ``3``, or ``2–3`` where they differ."""
    counts = sorted({cell.n for cell in cells if cell.text})
    return "–".join(str(count) for count in (counts if len(counts) < 2 else [counts[0], counts[-1]]))
