"""Dot plots of an ablation: what each augmentation is worth, and what each gives alone."""

from __future__ import annotations

from collections.abc import Mapping

from sslkit.pages.palette import Style
from sslkit.pages.svg import CARD, CHART_WIDTH, INK, SvgWriter, canvas
from sslkit.report.figures.charts import Chart
from sslkit.report.grid.ablation import ALONE, WORTH, AblationEffects, effect_numbers
from sslkit.report.grid.points import axis_limits

TITLES = {WORTH: "What each augmentation is worth", ALONE: "Each augmentation alone"}
MEANINGS = {
    WORTH: "all − all but this one (right of 0: it helps)",
    ALONE: "this one alone − all",
}


def ablation_charts(
    effects: AblationEffects, styles: Mapping[str, Style], svg: SvgWriter
) -> tuple[list[Chart], bool]:
    """One of what each is worth, and one of each alone; and whether intervals run off."""
    charts, cut = [], False
    for change in (WORTH, ALONE):
        seeds = [item.n for key, item in effects.found.items() if key[0] == change]
        if seeds:
            picture, off = draw_effects(effects, change, styles, svg)
            cut |= off
            subtitle = f"{effects.column.condition.lower()}, n = {min(seeds)}"
            charts.append(Chart(TITLES[change], subtitle, picture))
    return charts, cut


def draw_effects(
    effects: AblationEffects, change: str, styles: Mapping[str, Style], svg: SvgWriter
) -> tuple[str, bool]:
    """A row for each augmentation, in it a dot with its interval for each objective; and whether any runs off."""
    shown = {key[1:]: item for key, item in effects.found.items() if key[0] == change}
    low, high, off = axis_limits(
        [0.0, *(item.mean for item in shown.values())], [item.interval for item in shown.values()]
    )
    rows, objectives = effects.augmentations, effects.objectives
    height = 0.7 + len(rows) * max(0.26, 0.15 * len(objectives))
    with canvas(CHART_WIDTH, height, grid=False) as (figure, (axes,)):
        for (objective, name), found in shown.items():
            y = rows.index(name) + 0.62 * ((objectives.index(objective) + 0.5) / len(objectives) - 0.5)
            style, sure = styles[objective], found.outcome in ("won", "lost")
            if found.interval:
                ends = [100 * end for end in found.interval]
                axes.plot(ends, [y, y], color=style.colour, linewidth=2.2 if sure else 1.2)
            axes.plot(
                [100 * found.mean],
                [y],
                linestyle="",
                marker=style.marker,
                color=style.colour,
                markerfacecolor=style.colour if sure else CARD,
            )
        axes.axvline(0, color=INK, linewidth=0.9, zorder=0)
        axes.set_yticks(range(len(rows)), rows)
        axes.set_ylim(len(rows) - 0.45, -0.55)
        axes.set_xlim(low, high)
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(f"points: {MEANINGS[change]}")
        label = f"{MEANINGS[change]}, with 95 % intervals"
        return svg.write(figure, label, effect_numbers(effects, change)), off
