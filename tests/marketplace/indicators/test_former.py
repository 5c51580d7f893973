"""What a figure was in the period before: said with its unit, and reproduced by the records it opens."""

import csv
import io
from datetime import date

import pytest

from marketplace.core import clock
from marketplace.indicators.indicator import Unit
from marketplace.indicators.periods import Period
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN, broker, person
from tests.marketplace.indicators.test_board import register_at, wenzhou
from tests.marketplace.matching.factories import need

pytestmark = pytest.mark.django_db


@pytest.fixture
def half_year():
    """Contracts and brokers before and after the day of the first half-year that the second one has reached."""
    register_at((2025, 5, 20), amount=100)
    register_at((2025, 6, 20), amount=300)
    register_at((2025, 9, 1), amount=150)
    with clock.moved_to(wenzhou(2025, 5, 20, 9)):
        broker(valid_until=date(2031, 1, 1))
        broker(valid_from=date(2025, 6, 10), valid_until=date(2031, 1, 1))


def tiles_of(client, address, at):
    with clock.moved_to(wenzhou(*at)):
        page = client.get(address)
    return {tile["indicator"].slug: tile for tile in page.context["tiles"]}, page.content.decode()


def test_every_former_value_is_reproduced_by_clicking(client, half_year):
    sign_in(client, person("officer"))
    tiles, _page = tiles_of(client, "/board/?period=2025-H2", (2025, 12, 1, 9))

    assert tiles["brokers-valid"]["former"]["value"] == 1  # the second certificate holds from 10 June on
    assert tiles["contract-total"]["former"]["value"] == 100 * WAN
    for tile in tiles.values():
        with clock.moved_to(wenzhou(2025, 12, 1, 9)):
            records = client.get(tile["former"]["href"])
        assert records.context["value"] == tile["former"]["value"], tile["indicator"].slug


def test_the_former_value_is_said_with_its_unit_and_its_day(client, half_year):
    sign_in(client, person("officer"))
    tiles, page = tiles_of(client, "/board/?period=2025-H2", (2025, 12, 1, 9))

    plain = page.replace("<small>", "").replace("</small>", "").replace("\n", "")
    assert tiles["brokers-valid"]["former"]["href"] == "/board/brokers-valid/?period=2025-H1&until=2025-06-01"
    assert 'href="/board/brokers-valid/?period=2025-H1&amp;until=2025-06-01">上期' in plain
    assert '>1人</span><span class="sr"> 持证技术经纪人</span></a> <span class="soft">2025-06-01' in plain
    with clock.moved_to(wenzhou(2025, 12, 1, 9)):
        records = client.get(tiles["contract-total"]["former"]["href"]).content.decode()
        whole = client.get("/board/contract-total/?period=2025-H1")
    assert "2025 年上半年（截至 2025-06-01）" in records
    assert whole.context["value"] == 400 * WAN


def test_of_a_period_that_is_over_the_whole_one_before_is_opened(client, half_year):
    sign_in(client, person("officer"))
    tiles, _page = tiles_of(client, "/board/?period=2025-H2", (2026, 2, 1, 9))

    assert tiles["brokers-valid"]["former"]["href"] == "/board/brokers-valid/?period=2025-H1"
    assert tiles["brokers-valid"]["former"]["value"] == 2


def test_who_may_not_open_the_records_reads_the_former_value_without_a_link(client, half_year):
    tiles, _page = tiles_of(client, "/board/?period=2025-H2", (2025, 12, 1, 9))

    assert tiles["contract-count"]["former"] == {
        "value": 1,
        "too_few": "",
        "unit": Unit.CONTRACTS.behind(1),
        "when": "",
        "href": "",
    }
    assert tiles["brokers-valid"]["former"]["href"]


def test_a_day_outside_the_period_is_told_on_a_page_and_no_file_is_made_of_it(client, half_year):
    for day in ("2025-07-01", "2025-02-30", "x"):
        page = client.get(f"/board/brokers-valid/?period=2025-H1&until={day}")
        assert f"“{day}”不在该期间内" in page.content.decode()
        assert page.context["value"] == 2
        assert client.get(f"/board/brokers-valid/?period=2025-H1&until={day}&format=csv").status_code == 404
    answer = client.get("/board/brokers-valid/?period=2025-H1&until=2025-06-01&format=csv")
    assert len(list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))) == 2
    assert "2025-H1-2025-06-01" in answer["Content-Disposition"]


def test_a_part_of_a_period_ends_within_it():
    half = Period.parse("2025-H1")

    assert half.until_day("2025-06-30") is not None
    assert not half.until_day("2025-06-30").is_cut
    assert half.until_day("2025-01-01").last == date(2025, 1, 1)
    assert half.until_day("2024-12-31") is half.until_day("2025-07-01") is half.until_day("20250x") is None


def test_a_table_to_take_away_bears_the_sums_its_page_shows(client, half_year):
    sign_in(client, person("officer"))

    page = client.get("/board/contract-total/?period=2025-H1")
    sheet = client.get("/board/contract-total/?period=2025-H1&format=csv").content.decode("utf-8-sig")

    *lines, last = list(csv.reader(io.StringIO(sheet)))[1:]
    assert len(lines) == 2
    assert last[:6] == ["合计", "", "", "", "", ""]
    assert [int(last[6]), round(float(last[7]) * 100), round(float(last[-1]) * 100)] == [
        page.context["sums"][name] for name in ("count", "total", "part")
    ]
    empty = client.get("/board/contract-total/?period=2020&format=csv").content.decode("utf-8-sig")
    assert "合计" not in empty


@pytest.mark.parametrize(("at", "said"), [((2025, 12, 1, 9), "07-02 14:00"), ((2026, 2, 1, 9), "2025-07-02 14:00")])
def test_lists_say_the_year_of_a_moment_that_is_not_of_this_one(client, at, said):
    with clock.moved_to(wenzhou(2025, 7, 2, 14)):
        need()
    sign_in(client, person("officer"))

    with clock.moved_to(wenzhou(*at)):
        page = client.get("/board/needs-published/?period=2025-H2").content.decode()

    assert f">{said}</time>" in page
