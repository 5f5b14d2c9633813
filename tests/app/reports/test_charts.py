"""Charts are good SVG that tells in words what it shows, whatever learners and words are called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reports import charts
from app.reports.shapes import DARK, cut, width_of

MONDAY = date(2026, 5, 4)
LEGEND = ("wrong", "nearly", "right", "rare")
# What Qt's drawing of SVG knows of it.
SHAPES = {"svg", "title", "desc", "g", "path", "rect", "circle", "text"}


def opened(chart: str) -> Element:
    return ElementTree.fromstring(chart)


def shapes(chart: str) -> Iterator[tuple[str, Element]]:
    for each in opened(chart).iter():
        yield each.tag.rpartition("}")[2], each


def texts(chart: str) -> list[str]:
    return [each.text or "" for name, each in shapes(chart) if name == "text"]


def told(chart: str) -> str:
    return next(each.text or "" for name, each in shapes(chart) if name == "desc")


def days(*scores: float) -> list[tuple[date, float]]:
    return [(MONDAY + timedelta(number), score) for number, score in enumerate(scores)]


def heat_map(
    names: list[str], heat: dict[tuple[str, str], tuple[float, int]], phones: tuple[str, ...] = ("θ", "ɹ")
) -> str:
    learners = [(f"l{number}", name) for number, name in enumerate(names)]
    return charts.heat_map(learners, [(phone, phone) for phone in phones], heat, "Heat", LEGEND)


EVERY = {
    "histogram": charts.histogram((0, 0, 1, 0, 3, 9, 12, 4, 2, 1), "Scores"),
    "bar": charts.bar(0.4, "<i>the</i>", "2 of 5"),
    "trend": charts.trend(days(50, 60, 70), "Days", date.isoformat),
    "heat map": heat_map(["Mia", '<b>Bob</b> & "Zoë"\'s'], {("l0", "θ"): (45.0, 9), ("l1", "ɹ"): (70.0, 9)}),
}


@pytest.mark.parametrize("name", EVERY)
def test_a_chart_has_a_size_a_title_and_words_and_only_shapes_that_qt_draws(name: str) -> None:
    root = opened(EVERY[name])
    assert float(root.get("width", "")) > 0
    assert float(root.get("height", "")) > 0
    assert {shape for shape, _ in shapes(EVERY[name])} <= SHAPES
    assert told(EVERY[name])
    assert not any(each.get("class") or each.get("style") for each in root.iter() if each is not root)


@pytest.mark.parametrize("name", EVERY)
def test_every_colour_has_one_for_dark_pages(name: str) -> None:
    assert set(re.findall(r'(?:fill|stroke)="(#[^"]*)"', EVERY[name])) <= set(DARK)


def test_a_histogram_tells_how_many_have_which_score() -> None:
    assert (
        told(EVERY["histogram"]) == "20–30: 1, 40–50: 3, 50–60: 9, 60–70: 12, 70–80: 4, 80–90: 2, 90–100: 1"
    )
    assert {"12", "0", "100"} <= set(texts(EVERY["histogram"]))


@given(share=st.floats(-1.0, 2.0))
def test_a_bar_never_leaves_its_track(share: float) -> None:
    lengths = [
        float(each.get("width", "")) for name, each in shapes(charts.bar(share, "", "")) if name == "rect"
    ]
    assert 0.0 <= lengths[0] <= lengths[1]


@given(scores=st.lists(st.floats(0.0, 100.0), min_size=1, max_size=40))
def test_a_trend_lies_inside_its_drawing(scores: list[float]) -> None:
    chart = charts.trend(days(*scores), "Days", date.isoformat)
    height = float(opened(chart).get("height", ""))
    dots = [each for name, each in shapes(chart) if name == "circle"]
    assert len(dots) == len(scores)
    assert all(0.0 < float(each.get("cy", "")) < height for each in dots)
    assert all(0.0 < float(each.get("cx", "")) < charts.WIDTH for each in dots)


@pytest.mark.parametrize(
    ("length", "written"), [(1, ["2026-05-04"]), (2, ["2026-05-04", "2026-05-05"]), (401, None)]
)
def test_a_trend_says_when_it_begins_and_ends(length: int, written: list[str] | None) -> None:
    shown = [text for text in texts(charts.trend(days(*[70.0] * length), "", date.isoformat)) if "-" in text]
    assert shown[0] == "2026-05-04"
    assert shown[-1] == (MONDAY + timedelta(length - 1)).isoformat()
    assert shown == written if written else len(shown) == 5


def test_fields_of_a_heat_map_tell_by_lines_what_their_colours_tell() -> None:
    def lines(mean: float, said: int) -> int:
        chart = heat_map(["Mia"], {("l0", "θ"): (mean, said)})
        nothing = heat_map(["Mia"], {})
        return chart.count("<path") - nothing.count("<path")

    assert [lines(mean, 9) for mean in (59.0, 61.0, 86.0)] == [2, 1, 0]
    assert lines(59.0, 2) == 0  # said too rarely to tell


def test_the_worst_fields_of_a_heat_map_are_told_first() -> None:
    heat = {("l0", "θ"): (45.0, 9), ("l1", "ɹ"): (30.0, 9), ("l1", "θ"): (90.0, 9)}
    assert told(heat_map(["Mia", "Ali"], heat)) == "Ali /ɹ/ 30, Mia /θ/ 45"


@given(name=st.text(max_size=80))
def test_any_name_can_be_drawn(name: str) -> None:
    opened(heat_map([name], {("l0", "θ"): (45.0, 9)}))
    opened(charts.bar(0.5, name, name))


@given(shown=st.text(max_size=60), room=st.floats(30.0, 200.0))
def test_what_is_cut_fits(shown: str, room: float) -> None:
    assert width_of(cut(shown, room)) <= room
