import datetime as dt
import xml.etree.ElementTree as ElementTree

import pytest

from ndsadmin.charts import Chart, HeatMap, Kind, Series, sparkline
from ndsadmin.charts.heat import level
from ndsadmin.charts.scales import drawable, short

DAYS = [dt.date(2026, 11, day) for day in range(16, 23)]
HOSTILE = "<script>alert(1)</script>\"'"


def drawn(chart) -> ElementTree.Element:
    """The picture, which has to be well-formed."""
    return ElementTree.fromstring(str(chart.svg))


def chart(kind: Kind, *values: list[float | None], links=()) -> Chart:
    series = tuple(Series(f"Series {number}", row, links) for number, row in enumerate(values, 1))
    return Chart("Posts by day", DAYS[: len(values[0])], series, kind=kind)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    "rows",
    [
        [[1, 2, 3], [2, 3, 4], [1, 2, 3]],
        [[5], [7], [6]],
        [[None, 2, None], [None, 3, None], [None, None, None]],
        [[0, 0], [0, 0]],
        [[None], [None]],
        [[], []],
        [[-5, 3], [-1, -2], [0, 1]],
        [[float("inf"), 1], [float("nan"), 2], [1, 1]],
        [[1e-12, 0], [5e-324, 0]],
        [[1.7e308, 1], [1, 1]],
    ],
    ids=["several", "one point", "gaps", "zeros", "nothing", "no days", "negative", "endless", "tiny", "huge"],
)
def test_every_kind_draws_every_case(kind, rows):
    picture = drawn(chart(kind, *rows))

    text = [node.text for node in picture.iter() if node.tag.endswith("text")]
    assert ("No data" in text) == (not any(drawable(value) for row in rows for value in row))
    assert not any("nan" in value or "inf" in value for node in picture.iter() for value in node.attrib.values())
    assert not any(abs(float(node.get("y", 0))) > 1000 for node in picture.iter())


def test_bars_are_as_high_as_their_values():
    picture = drawn(chart(Kind.STACKED, [10, 20], [10, 0]))

    bars = [node for node in picture.iter() if node.get("class") in {"fill-1", "fill-2"}]
    heights = {(bar.get("class"), round(float(bar.get("height")))) for bar in bars}
    assert heights == {("fill-1", 91), ("fill-2", 91), ("fill-1", 182)}


def test_a_line_ends_where_a_value_is_missing():
    picture = drawn(chart(Kind.LINE, [1, 2, None, 3, 4]))

    (path,) = [node.get("d") for node in picture.iter() if node.get("class") == "line-1"]
    assert (path.count("M"), path.count("L")) == (2, 2)


def test_series_are_told_apart_without_colour():
    """By hatching in bars; by dashes (charts.css) and marks in lines."""
    bars = str(chart(Kind.STACKED, [1, 2], [2, 3]).svg)
    marks = {
        node.tag.split("}")[-1] for node in drawn(chart(Kind.LINE, [1], [2])).iter() if "mark" in node.get("class", "")
    }

    assert "url(#posts-by-day-hatch-2)" in bars
    assert marks == {"circle", "rect"}


def test_every_mark_says_its_value_and_leads_to_its_rows():
    picture = str(chart(Kind.BAR, [1234], links=["/rows/?a=1&b=2"]).svg)

    assert "Mon 16 Nov 2026 · Series 1: 1,234" in picture
    assert 'href="/rows/?a=1&amp;b=2" tabindex="-1"' in picture


def test_the_table_says_the_same_newest_first():
    table = chart(Kind.STACKED, [1, 2], [None, 4], links=["/a", None])

    assert list(table.rows) == [
        (DAYS[1], [("2", None), ("4", None)]),
        (DAYS[0], [("1", "/a"), ("–", "/a")]),
    ]
    assert table.totals == ["3", "4"]


def test_no_text_becomes_markup():
    series = (Series(HOSTILE, [1], [HOSTILE]),)
    pictures = [
        Chart(HOSTILE, DAYS[:1], series, shown=lambda value: HOSTILE).svg,
        HeatMap(HOSTILE, DAYS[:1], series).svg,
    ]

    assert not any("<script" in str(picture) for picture in pictures)


def test_the_map_is_darker_for_more():
    rows = HeatMap("Map", DAYS[:3], (Series("A", [0, 5, 10]), Series("B", [None, 1, 2])))

    classes = [node.get("class") for node in drawn(rows).iter() if node.tag.endswith("rect")]
    assert classes == ["heat-0", "heat-3", "heat-5", "heat-0", "heat-1", "heat-2"]
    assert [(label, text) for label, text, _ in rows.rows] == [("A", "15"), ("B", "3")]
    assert (level(None, 0), level(3, 0)) == (0, 0)


@pytest.mark.parametrize("values", [[1, 2, 3], [5], [0, 0], [None, 4]])
def test_a_trend_is_a_line_with_its_end_marked(values):
    picture = ElementTree.fromstring(str(sparkline(values)))

    assert [node.tag.split("}")[-1] for node in picture] == ["path", "circle"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.25, "0.25"), (950, "950"), (2500, "2,500"), (25000, "25k"), (1.5e6, "1.5M"), (2e9, "2G")],
)
def test_the_axis_has_room_for_its_numbers(value, text):
    assert short(value) == text


def test_no_trend_without_values():
    assert sparkline([]) == sparkline([None]) == ""
