"""What officers and auditors see of the answers to matches: numbers, shares where there are enough, the matches."""

import csv
import io
import re
from datetime import timedelta

import pytest

from marketplace.core import clock
from marketplace.indicators import acceptance
from marketplace.indicators.periods import Period
from marketplace.matching.actions import accept_match, decline_match
from marketplace.matching.by_hand import add_match
from marketplace.matching.models import Match
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from tests.factories import people
from tests.marketplace.deals.factories import broker
from tests.marketplace.matching import factories
from tests.standing_site import ensure_site

pytestmark = pytest.mark.django_db


def declined(reason=Match.Reason.INDICATORS):
    match = factories.proposed()
    owner = match.need.organisation
    decline_match(match, by=factories.member(owner), organisation=owner, reason=reason)
    return match


def counted(section, key, found=None):
    told = acceptance.sections(acceptance.answered() if found is None else found)
    groups = {(one.key, group.key): group for one in told for group in one.groups}
    group = groups.get((section, key))
    return (group.accepted, group.declined, group.rate) if group else None


@pytest.fixture
def auditor(client):
    ensure_site()
    set_up_groups()
    return people.sign_in(client, people.staff(Role.AUDITOR, is_staff=True))


def test_a_share_is_given_from_five_answers_on():
    for _number in range(3):
        factories.agreed()
    declined()
    before = counted("all", "all")

    declined()

    assert before == (3, 1, None)
    assert counted("all", "all") == (3, 2, 0.6)


def test_each_feature_is_counted_by_its_word_and_what_is_not_stated_apart():
    factories.agreed()
    declined()

    assert counted("feature-budget", "weak") == (1, 1, None)
    assert counted("feature-field", "strong") == (1, 1, None)
    assert counted("feature-industry", "silent") == (1, 1, None)
    assert counted("feature-industry", "weak") is None
    assert counted("weights", "w1") == (1, 1, None)
    assert counted("reason", "indicators") == (0, 1, None)
    assert counted("reason", "price") is None


def test_what_waits_for_an_answer_is_not_counted():
    match = factories.proposed()
    accept_match(match, by=factories.member(match.need.organisation), organisation=match.need.organisation)

    assert acceptance.answered() == []


def test_the_period_is_that_of_the_last_answer():
    today = clock.today()
    with clock.moved_to(clock.now() - timedelta(days=800)):
        declined()
    declined()

    this, old = (Period.containing(day, "half") for day in (today, today - timedelta(days=800)))

    assert [len(acceptance.answered(period)) for period in (this, old, old.previous(), None)] == [1, 1, 0, 2]


def test_a_broker_who_proposed_is_counted_by_name():
    asked, offered = factories.need(), factories.outcome()
    who = broker()
    officer = people.staff(Role.OFFICER)
    match = add_match(asked, offered, by=officer, organisation=None, reason="现场看过")
    Match.objects.filter(pk=match.pk).update(added_by=who.user, added_as="broker")
    owner = asked.organisation
    decline_match(match, by=factories.member(owner), organisation=owner, reason=Match.Reason.PRICE)

    assert counted("broker", who.code) == (0, 1, None)
    assert counted("by", "broker") == (0, 1, None)
    assert counted("weights", "-") == (0, 1, None)


def test_every_number_leads_to_as_many_matches(auditor):
    for _number in range(3):
        factories.agreed()
    declined()
    declined(Match.Reason.KNOWN)

    page = auditor.get("/admin/acceptance/").content.decode()

    links = re.findall(r'<a href="(/admin/acceptance/matches/[^"]+)" aria-label="[^"]+">(\d+)</a>', page)
    assert len(links) > 10
    for href, number in links:
        shown = auditor.get(href.replace("&amp;", "&"))
        assert shown.context["page"].paginator.count == int(number)
    assert "60 %" in page


def test_the_table_is_sent_with_too_few_in_words(auditor):
    declined()

    answer = auditor.get("/admin/acceptance/?export=csv")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][2:5] == ["0", "1", "1"]
    assert rows[1][5] == "太少"


@pytest.mark.parametrize(
    "asked", ["?period=x", "matches/", "matches/?answer=maybe", "matches/?answer=accepted&period=9"]
)
def test_nonsense_is_not_found(auditor, asked):
    assert auditor.get(f"/admin/acceptance/{asked}").status_code == 404


@pytest.mark.parametrize("asked", ["?period=", "matches/?answer=accepted&section=none&key=none&page=99", "?export=exe"])
def test_what_holds_nothing_is_empty(auditor, asked):
    assert auditor.get(f"/admin/acceptance/{asked}").status_code == 200
