"""What saved searches find and when people are told: at once, in the morning, on Monday; each record once."""

import copy
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest

from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.notices.actions import choose_mails
from marketplace.notices.models import Notice
from marketplace.organisations.accounts import empty_user
from marketplace.outcomes.availability import withdraw_outcome
from marketplace.reviews.actions import approve_review
from search.saved.actions import change_search, remove_search, replace_question, unsubscribe
from search.saved.alerts import due_until
from search.saved.models import Finding, SavedSearch
from tasks.delivery import plan
from tasks.models import Delivery
from tasks.searches import alert_searches
from tests.factories.people import person
from tests.marketplace.outcomes import making
from tests.marketplace.outcomes.making import fresh as fresh_outcome
from tests.search.saved_making import asked_for, fresh, saved_by
from tests.tasks.conftest import carried_out

pytestmark = pytest.mark.usefixtures("for_now")
HERE = ZoneInfo("Asia/Shanghai")
WEDNESDAY = datetime(2027, 3, 3, 15, tzinfo=HERE)


def at(days: float, hour: int = 8, minute: int = 0) -> datetime:
    """Return an instant so many days after Wednesday."""
    return (WEDNESDAY + timedelta(days=days)).replace(hour=hour, minute=minute)


def passed_by_the_house(house):
    """Let an outcome of it wait for the district."""
    house.sent = house.submitted()
    approve_review(house.sent.pending_review, by=house.manager)
    house.sent = fresh_outcome(house.sent)
    return house


def yes_of_the_district(house):
    """Pass the last step of the review of its outcome, with all that follows."""
    carried_out(lambda: approve_review(house.sent.pending_review, by=house.officer))
    return fresh_outcome(house.sent)


@pytest.fixture(scope="module")
def lasting_house(lasting):
    """An institute on a Wednesday, with an outcome that waits for the district."""
    with clock.moved_to(WEDNESDAY):
        making.set_up()
        return passed_by_the_house(making.Institute())


@pytest.fixture(scope="module")
def lasting_find(lasting_house):
    """What somebody's search found on that day, who, and the search."""
    with clock.moved_to(WEDNESDAY):
        reader = person(language="zh-hans")
        saved = carried_out(lambda: saved_by(reader))
        outcome = yes_of_the_district(passed_by_the_house(copy.copy(lasting_house)))
        assert found(saved) == [outcome.number]
    return outcome, reader, saved


@pytest.fixture
def house(lasting_house, for_now, tmp_path, settings):
    """Return it on that day, for one test, with an own index."""
    settings.SEARCH_DIR = tmp_path / "search"
    with clock.moved_to(WEDNESDAY):
        yield copy.deepcopy(lasting_house)


@pytest.fixture
def find(lasting_find, house):
    return copy.deepcopy(lasting_find)


@pytest.fixture
def publish(house):
    return lambda: yes_of_the_district(house)


@pytest.fixture
def reader():
    return person(language="zh-hans")


def found(saved):
    """Return what a search found; a consequence that failed says so first."""
    assert list(Delivery.objects.exclude(error="").values_list("consequence", "error")) == []
    return list(saved.findings.exclude(found_at=None).values_list("key", flat=True))


def told(user):
    return list(
        Notice.objects.filter(user=user, kind__startswith="search.").order_by("pk").values_list("kind", flat=True)
    )


def mails_to(mailoutbox, user):
    return [mail for mail in mailoutbox if mail.to == [user.email]]


def test_what_wants_to_be_told_at_once_is_told_at_once(commit, mailoutbox, house, publish, reader):
    wanted = commit(lambda: saved_by(reader, "q=指静脉+识别&trl=7-9", rhythm="at_once"))
    others = [commit(lambda q=q: saved_by(reader, q, rhythm="at_once")) for q in ("q=钙钛矿", "q=指静脉&trl=1-3")]

    outcome = publish()

    assert found(wanted) == [outcome.number]
    assert [found(one) for one in others] == [[], []]
    assert told(reader) == ["search.found_one"]
    notice = Notice.objects.get(user=reader)
    assert (notice.subject, notice.path) == (outcome, outcome.get_absolute_url())
    mail = mails_to(mailoutbox, reader)[0]
    assert outcome.title in mail.subject
    assert "【指静脉识别】" in mail.body
    assert house.organisation.name in mail.body
    assert outcome.get_absolute_url() in mail.body


def test_a_mail_can_be_unsubscribed_by_one_click(client, commit, mailoutbox, publish, reader, settings):
    several = [commit(lambda q=q: saved_by(reader, q, rhythm="at_once")) for q in ("q=指静脉", "q=锁用模组")]
    untold = commit(lambda: saved_by(reader, "q=钙钛矿", rhythm="at_once"))
    publish()

    (mail,) = mails_to(mailoutbox, reader)

    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail.extra_headers["List-Unsubscribe"]
    assert link.startswith(f"<{settings.SITE_URL}/searches/unsubscribe/notice-")
    sent = message_from_bytes(mail.message().as_bytes(), policy=policy.default)
    assert (sent["List-Unsubscribe"].strip(), sent["List-Unsubscribe-Post"]) == (link, "List-Unsubscribe=One-Click")
    client.post(link.strip("<>").removeprefix(settings.SITE_URL), {"List-Unsubscribe": "One-Click"})
    assert [fresh(saved).rhythm for saved in (*several, untold)] == ["none", "none", "at_once"]
    assert mail.body.count("/searches/unsubscribe/search-") == 2


def test_a_record_is_told_once_also_when_it_is_published_again(commit, mailoutbox, house, publish, reader):
    saved = commit(lambda: saved_by(reader, rhythm="at_once"))
    outcome = publish()

    commit(lambda: withdraw_outcome(outcome, by=house.manager))
    entry = Entry.objects.filter(kind="outcome.published").latest("pk")
    from tasks.searches import find_searches

    commit(lambda: find_searches(Delivery(entry=entry)))

    assert found(saved) == [outcome.number]
    assert told(reader) == ["search.found_one"]
    assert len(mails_to(mailoutbox, reader)) == 1


def test_what_was_there_when_the_search_was_saved_is_no_news(commit, house, publish, reader):
    outcome = publish()
    with clock.moved_to(at(0, 16)):
        saved = commit(lambda: saved_by(reader, rhythm="at_once"))
        assert list(saved.findings.values_list("key", "found_at")) == [(outcome.number, None)]

        commit(lambda: withdraw_outcome(outcome, by=house.manager))

    assert found(saved) == []
    assert told(reader) == []


def test_what_was_there_when_a_search_was_replaced_is_no_news(commit, house, publish, reader):
    saved = commit(lambda: saved_by(reader, "q=没有的词", rhythm="at_once"))
    with clock.moved_to(at(0, 16)):
        outcome = publish()
    with clock.moved_to(at(0, 17)):
        commit(lambda: replace_question(saved, by=reader, asked=asked_for("q=指静脉")))
        commit(lambda: withdraw_outcome(outcome, by=house.manager))

    assert list(saved.findings.values_list("key", "found_at")) == [(outcome.number, None)]
    assert told(reader) == []


def test_drafts_and_what_is_in_review_are_told_to_nobody(commit, house, reader):
    saved = commit(lambda: saved_by(reader, rhythm="at_once"))

    commit(house.draft)
    commit(house.submitted)

    assert found(saved) == []
    assert told(reader) == []


def test_daily_searches_are_told_in_the_morning_all_in_one_mail(commit, mailoutbox, house, publish, reader):
    saved = commit(lambda: saved_by(reader, "q=指静脉", name="一"))
    commit(lambda: saved_by(reader, "q=锁用模组", name="二"))
    numbers = [publish().number, commit(lambda: house.published(title="指静脉与掌静脉双模识别")).number]
    assert (told(reader), mails_to(mailoutbox, reader)) == ([], [])
    assert sorted(found(saved)) == sorted(numbers)

    for day in (1, 2):
        with clock.moved_to(at(day)):
            commit(alert_searches)

    assert told(reader) == ["search.found_several"]
    assert Notice.objects.get(user=reader).data == {"number": 2}
    (mail,) = mails_to(mailoutbox, reader)
    assert all(f"== {name} · " in mail.body for name in "一二")
    assert all(number in mail.body for number in numbers)
    assert fresh(saved).told_at == at(1)


def test_weekly_searches_are_told_on_monday(commit, publish, reader):
    commit(lambda: saved_by(reader, rhythm="weekly"))
    publish()

    seen = []
    for day in range(1, 7):  # Thursday to Tuesday
        with clock.moved_to(at(day)):
            commit(alert_searches)
        seen.append(len(told(reader)))

    assert seen == [0, 0, 0, 0, 1, 1]


def test_a_missed_monday_is_made_up_on_tuesday():
    assert due_until("weekly", at(5)) == due_until("weekly", at(6)) == at(5)
    assert due_until("weekly", at(5, 7, 59)) == at(-2)
    assert due_until("daily", at(6)) == at(6)


def test_the_mail_speaks_the_language_of_its_reader(commit, mailoutbox, publish):
    reader = person(language="en")
    commit(lambda: saved_by(reader, rhythm="at_once"))

    publish()

    (mail,) = mails_to(mailoutbox, reader)
    assert mail.subject.startswith("Look at what your saved search found:")
    assert "/en/outcomes/" in mail.body
    assert "/en/searches/unsubscribe/" in mail.body


def test_at_most_twenty_per_search_and_the_rest_by_a_link(commit, mailoutbox, house, publish, reader, monkeypatch):
    monkeypatch.setattr("search.saved.mail.MOST_PER_SEARCH", 1)
    saved = commit(lambda: saved_by(reader))
    publish()
    commit(lambda: house.published(title="指静脉与掌静脉双模识别"))

    with clock.moved_to(at(1)):
        commit(alert_searches)

    (mail,) = mails_to(mailoutbox, reader)
    assert "双模识别" in mail.body
    assert "锁用模组" not in mail.body
    assert f"/searches/{saved.code}/" in mail.body


def test_what_was_taken_offline_before_the_morning_is_not_told(commit, mailoutbox, find):
    from marketplace.outcomes.models import ResearchOutcome

    outcome, reader, _saved = find
    ResearchOutcome.objects.filter(pk=outcome.pk).update(live=False)

    with clock.moved_to(at(1)):
        commit(alert_searches)

    assert told(reader) == []
    assert mails_to(mailoutbox, reader) == []


@pytest.mark.parametrize("way", ["no alerts", "deleted", "unsubscribed", "inactive"])
def test_who_does_not_want_to_hear_is_not_told(commit, mailoutbox, find, way):
    _outcome, reader, saved = find

    match way:
        case "no alerts":
            change_search(saved, by=reader, rhythm="none")
        case "deleted":
            remove_search(saved, by=reader)
        case "unsubscribed":
            unsubscribe([saved])
        case "inactive":
            reader.is_active = False
            reader.save(update_fields=["is_active"])
    with clock.moved_to(at(1)):
        commit(alert_searches)

    assert told(reader) == []
    assert mails_to(mailoutbox, reader) == []


def test_who_switched_these_mails_off_is_told_in_the_site_only(commit, mailoutbox, publish, reader):
    commit(lambda: saved_by(reader, rhythm="at_once"))
    choose_mails(by=reader, groups=[])

    publish()

    assert told(reader) == ["search.found_one"]
    assert mails_to(mailoutbox, reader) == []


def test_what_was_found_while_no_alerts_came_stays_untold(commit, publish, reader):
    saved = commit(lambda: saved_by(reader, rhythm="none"))
    publish()
    with clock.moved_to(at(0, 16)):
        change_search(saved, by=reader, rhythm="daily")

    with clock.moved_to(at(1)):
        commit(alert_searches)

    assert len(found(saved)) == 1
    assert told(reader) == []


def test_a_person_who_leaves_takes_their_searches_along(commit, find):
    _outcome, reader, _saved = find

    commit(lambda: empty_user(reader, by=reader))

    assert not SavedSearch.objects.exists()
    assert not Finding.objects.exists()


def test_what_follows_is_planned_for_every_record_that_is_listed(house):
    outcome = house.published()
    entry = Entry.objects.about(outcome).get(kind="outcome.published")

    assert "searches.find_searches" in {delivery.consequence for delivery in plan(entry.pk)}
