"""The page of figures: plots that can be read, and numbers that hold."""

from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from matching import Matcher
from matching.churn import churn
from matching.evaluation import calibration, compare, table
from matching.figures_page import figures_page
from matching.plots import bars, curves
from tests.bench.page import BEGIN, END, renewed

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314 - our own


def test_a_plot_has_a_title_a_description_and_every_value_in_words() -> None:
    svg = bars("Placed & kept", "Half <of> them.", "%", {"one": [50, 20], "other": [0, 10.26]}, ("placed", "kept"))
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own
    assert root.get("role") == "img"
    assert [root.findtext(f"{SVG}{name}") for name in ("title", "desc")] == ["Placed & kept", "Half <of> them."]
    assert {"50 %", "20 %", "0 %", "10.3 %", "one", "other", "placed", "kept"} <= set(texts(svg))


def test_bars_are_as_long_as_their_values() -> None:
    root = ElementTree.fromstring(bars("", "", "", {"a": [4], "b": [1]}))  # noqa: S314 - our own
    longer, shorter = (float(bar.get("width", 0)) for bar in root.findall(f"{SVG}rect")[1:])
    assert longer == 4 * shorter > 0


def test_curves_stay_inside_their_axes() -> None:
    svg = curves("", "", ("x", "y"), {"a": [(0, 0), (2, 8)]}, (2, 8))
    first, last = ElementTree.fromstring(svg).findall(f"{SVG}circle")  # noqa: S314 - our own
    assert (first.get("cx"), first.get("cy"), last.get("cx"), last.get("cy")) == ("56.0", "310.0", "620.0", "56.0")


def test_the_bonus_for_yesterdays_proposal_calms_the_days_and_costs_little() -> None:
    restless, calm = (churn(300, 120, 4, bonus=bonus) for bonus in (False, True))
    assert sum(calm.changed) < sum(restless.changed)
    assert calm.total_score > 0.99 * restless.total_score


def test_the_page_names_every_plot_and_each_is_there(tmp_path: Path) -> None:
    results = compare(60, 30, [7], Matcher())
    curve = calibration(200, 80, 8, {"prior": Matcher()})
    days = {name: churn(60, 30, 2, bonus=name == "with") for name in ("without", "with")}
    page = tmp_path / "figures.md"
    files = figures_page(page, results, table(results), curve, days)
    assert all(f"]({path.relative_to(tmp_path)})" in str(files[page]) for path in files if path != page)
    assert len(files) == 6


def test_the_benchmarks_table_takes_the_place_of_the_old_one_and_of_nothing_else() -> None:
    rows: list[tuple[str, str, float, str, str, float | None]] = [
        ("exact assignment", "S", 0.00123456, "s", "", None),
        ("exact assignment", "S", 0.00123456, "s", "Munkres", 1290.4),
        ("greatest total score", "S", 70.1, "score", "greedy", 0.815),
        ("exact assignment", "M", 12345.6, "s", "", None),
    ]
    figures = [dict(zip(("bench", "size", "value", "unit", "against", "ratio"), row, strict=True)) for row in rows]
    page = renewed(f"Before\n{BEGIN}old{END}After\n", figures, date(2026, 3, 1))
    assert page.startswith(f"Before\n{BEGIN}Printed on 1 March 2026 ")
    assert page.endswith(f"{END}After\n")
    assert page.partition("\n\n")[2].removesuffix(f"{END}After\n").splitlines() == [
        "| | S | M |",
        "| --- | ---: | ---: |",
        "| exact assignment, s | 0.00123 | 12,346 |",
        "| … Munkres: times as much | 1,290 |  |",
        "| greatest total score, score | 70.1 |  |",
        "| … greedy: share of it | 0.815 |  |",
    ]


def test_a_page_without_a_place_for_figures_is_left_alone() -> None:
    with pytest.raises(ValueError, match="no place"):
        renewed("Before\nAfter\n", [], date(2026, 3, 1))
