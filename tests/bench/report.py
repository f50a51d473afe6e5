"""Rows of the table: what was measured, beside what, and whether it is as good as it shall be."""

import dataclasses
import statistics

UNITS = {"s": [(1.0, "s"), (1e-3, "ms"), (0.0, "µs")], "bytes": [(0.0, "MB")], "share": [(0.0, "%")]}
SCALES = {"s": 1.0, "ms": 1e-3, "µs": 1e-6, "MB": 1e6, "%": 0.01}


@dataclasses.dataclass(frozen=True)
class Goal:
    bound: float
    kind: str  # `faster`: at least so many times; `within`: at most so many times as much; `value`: ours below it

    def text(self, unit):
        if self.kind == "faster":
            return f"at least {self.bound:g}x"
        return f"under {self.bound:g}x" if self.kind == "within" else f"under {shown(self.bound, unit)}"

    def is_reached(self, row):
        if self.kind == "value":
            return statistics.median(row.ours) < self.bound
        ratio = statistics.median(row.ratios())
        return ratio >= self.bound if self.kind == "faster" else ratio < self.bound


@dataclasses.dataclass
class Row:
    """A figure in each round, ours and what it is measured against."""
    case: str
    figure: str
    unit: str = "s"
    beside: str = "Python"  # what `other` is; nothing where ours stands alone
    goal: Goal = None
    ours: list = dataclasses.field(default_factory=list)
    other: list = dataclasses.field(default_factory=list)

    def is_share(self):
        """Told as ours / other rather than as how much less ours is."""
        return self.goal is not None and self.goal.kind == "within"

    def ratios(self):
        return [(ours / other if self.is_share() else other / ours) for ours, other in zip(self.ours, self.other)]


def shown(value, unit):
    name = next(name for least, name in UNITS[unit] if abs(value) >= least)
    number = value / SCALES[name]
    return f"{number:.3g} {name}" if abs(number) < 1000 else f"{number:.0f} {name}"


def spread(values, show):
    return f"{show(min(values))}..{show(max(values))}" if len(values) > 1 else ""


def cells(row):
    def show(value):
        return shown(value, row.unit)
    other = ratio = ""
    ends = spread(row.ours, show)
    if row.other:
        other = f"{show(statistics.median(row.other))} {row.beside}"
        ratio = f"{statistics.median(row.ratios()):.3g}x"
        ends = spread(row.ratios(), lambda value: f"{value:.3g}x")
    reached = ("yes" if row.goal.is_reached(row) else "no") if row.goal else ""
    return [row.case, row.figure, show(statistics.median(row.ours)), other, ratio, ends,
            row.goal.text(row.unit) if row.goal else "", reached]


HEADER = ["case", "figure", "ours", "beside", "ratio", "min..max", "goal", "reached"]


def table(rows):
    """Markdown, its columns aligned."""
    lines = [HEADER, *(cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADER))]
    text = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in lines]
    text.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(text)


def as_json(row):
    record = {"case": row.case, "figure": row.figure, "unit": row.unit, "ours": row.ours, "median": statistics.median(row.ours)}
    if row.other:
        record |= {"beside": row.beside, "other": row.other, "other_median": statistics.median(row.other),
                   "ratio_is": "ours / other" if row.is_share() else "other / ours",
                   "ratios": row.ratios(), "ratio": statistics.median(row.ratios())}
    if row.goal:
        record |= {"goal": row.goal.text(row.unit), "reached": row.goal.is_reached(row)}
    return record
