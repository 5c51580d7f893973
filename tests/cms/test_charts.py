"""Charts and the stream: true proportions."""

import re

import pytest
from django.template.loader import render_to_string

from cms.templatetags import charts


def test_bars_stand_on_zero_in_proportion():
    rows = [{"label": "1", "value": 2}, {"label": "2", "value": 4}]

    chart = charts.bar_chart(rows, title="t", id="c")

    first, second = chart["bars"]
    assert second["high"] == 2 * first["high"]
    assert first["y"] + first["high"] == second["y"] + second["high"] == charts.BOTTOM
    assert [line["text"] for line in chart["grid"]] == ["0", "1", "2", "3", "4"]


def test_an_empty_chart_still_has_an_axis():
    assert charts.bar_chart([], title="t", id="c")["bars"] == []


def test_the_stream_is_a_hairline_at_zero_and_full_at_the_largest():
    path = charts.stream_path([{"count": 120}, {"count": 0}])

    assert path.startswith("M0 5.0L360 5.0")
    assert "1000 74.4" in path
    assert path.endswith("L0 145.0Z")


TEXT = re.compile(r'<text[^>]* x="([\d.]+)" y="([\d.]+)" text-anchor="middle">([^<]*)')


def drawn(rows):
    """Return the texts of the finished drawing: (x, y, text)."""
    svg = render_to_string("components/chart_bar.html", charts.bar_chart(rows, title="t", id="c"))
    return [(float(x), float(y), text) for x, y, text in TEXT.findall(svg)]


def overlapping(texts):
    """Return the pairs of texts that run into each other in the type of a phone."""
    return [
        (one, other)
        for place, (x, y, one) in enumerate(texts)
        for other_x, other_y, other in texts[:place]
        if abs(x - other_x) < (charts.wide(one) + charts.wide(other)) / 2 and abs(y - other_y) < charts.PHONE
    ]


@pytest.mark.parametrize("label", ["{}月", "2026 年 {} 月", "Sep"])
@pytest.mark.parametrize("months", [6, 12])
@pytest.mark.parametrize("values", [[1680.25] * 12, [480, 479, 12.5, 0] * 3, list(range(900, 2100, 100))])
def test_no_text_runs_into_another(label, months, values):
    rows = [{"label": label.format(month + 1), "value": values[month], "second": 1} for month in range(months)]

    texts = drawn(rows)

    assert overlapping(texts) == []
    assert label.format(1) in [text for _x, _y, text in texts]


def test_short_labels_all_stay_and_the_highest_bar_keeps_its_number():
    rows = [{"label": f"{month}月", "value": 1000 + month, "second": 1} for month in range(1, 13)]

    texts = [text for _x, _y, text in drawn(rows)]

    assert [text for text in texts if text.endswith("月")] == [f"{month}月" for month in range(1, 13)]
    assert "1,012" in texts


def test_an_empty_month_bears_no_number():
    texts = [text for _x, _y, text in drawn([{"label": "1", "value": 0}, {"label": "2", "value": 5}])]

    assert texts.count("0") == 0
    assert "5" in texts
