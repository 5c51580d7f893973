"""Charts and the stream: true proportions."""

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
