"""Notices: told once, read by their reader only, mailed in the reader's language."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.core import journal
from marketplace.core.journal import Entry, Kind
from marketplace.notices.actions import choose_mails, mail_notices, mailed_groups, mark_all_read, tell
from marketplace.notices.groups import Group
from marketplace.notices.models import Notice
from marketplace.notices.texts import printed, texts
from marketplace.organisations.actions import (
    correct_organisation,
    edit_organisation,
    mark_of_facts,
    refuse_organisation,
    verify_organisation,
)
from marketplace.organisations.joining import request_membership
from marketplace.organisations.models import Organisation
from marketplace.organisations.roles import MemberRole, Role
from tasks.delivery import at_once
from tests.factories.people import join, organisation, person, sign_in, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    return journal.record(Kind.ORGANISATION_VERIFIED, organisation(name="样例企业甲"), by=None)


def told(user, entry, kind="organisation.verified"):
    tell([user], kind, entry, path="/organisations/mine/")
    return Notice.objects.get(user=user, entry=entry)


def mail(notice):
    """Mail one notice; return whether it went out."""
    return any(each.mailed_at for each in mail_notices(Notice.objects.filter(pk=notice.pk), writers={}))


def test_telling_twice_tells_once_and_not_the_doer_nor_who_left(entry):
    reader, gone = person(), person(is_active=False)

    for _ in range(2):
        tell([reader, gone], "organisation.verified", entry, path="/")

    assert list(Notice.objects.values_list("user", flat=True)) == [reader.pk]


def test_an_unknown_kind_is_a_fault_of_ours(entry):
    with pytest.raises(KeyError):
        tell([person()], "organisation.nonsense", entry, path="/")


def test_the_words_are_made_in_the_language_of_the_reader(entry, mailoutbox):
    chinese, english = person(language="zh-hans"), person(language="en")

    for user in (chinese, english):
        assert mail(told(user, entry))

    assert mailoutbox[0].subject == "您的单位 样例企业甲 已通过认证，可以发布、竞价和签约"
    assert mailoutbox[1].subject == "Your organisation 样例企业甲 is verified; it may now publish, bid and sign"
    assert "/en/notices/" in mailoutbox[1].body
    assert mailoutbox[0].to == [chinese.email]


def test_a_notice_is_mailed_once(entry, mailoutbox):
    notice = told(person(), entry)

    assert mail(notice)
    assert not mail(notice)

    assert len(mailoutbox) == 1
    assert Entry.objects.filter(kind="notice.mailed").count() == 1


def test_mails_to_many_ask_no_more_than_one_but_for_what_they_write(entry, mailoutbox):
    questions = []
    for readers in (1, 4):
        Notice.objects.all().delete()
        tell([person() for _ in range(readers)], "membership.to_answer", entry, path="/")
        with CaptureQueriesContext(connection) as asked:
            mail_notices(Notice.objects.filter(entry=entry), writers={})
        questions.append([query["sql"] for query in asked if query["sql"].startswith("SELECT")])

    assert len(questions[0]) == len(questions[1])
    assert len(mailoutbox) == 5


def test_legal_notices_cannot_be_switched_off(entry, mailoutbox):
    reader = person()

    choose_mails(by=reader, groups=[])

    assert mailed_groups(reader) == {Group.LEGAL}
    assert mail(told(reader, entry))
    assert not mail(told(reader, entry_of_request(), "membership.to_answer"))
    assert len(mailoutbox) == 1


def entry_of_request():
    return journal.record(Kind.ORGANISATION_CHANGED, organisation(), by=None)


@pytest.mark.django_db(transaction=True)
def test_what_happens_is_told_to_those_it_concerns(mailoutbox):
    manager, officer, asking = person(), staff(Role.OFFICER), person()
    house = organisation(manager=manager, state="pending")

    with at_once():
        request_membership(house, by=asking)
        verify_organisation(house, by=officer)

    assert list(Notice.objects.order_by("pk").values_list("user", "kind")) == [
        (manager.pk, "membership.to_answer"),
        (manager.pk, "organisation.verified"),
    ]
    assert [mail.to for mail in mailoutbox] == [[manager.email], [manager.email]]


@pytest.mark.django_db(transaction=True)
def test_managers_hear_what_an_officer_corrected_and_not_what_they_wrote_themselves():
    manager, other, officer = person(), person(), staff(Role.OFFICER)
    house = organisation(manager=manager)
    join(other, house, MemberRole.MANAGER)

    with at_once():
        edit_organisation(house, by=manager, address="瓯海大道 1 号")
        correct_organisation(house, by=officer, seen=mark_of_facts(house), name="新名称")

    told = Notice.objects.order_by("user").values_list("user", "kind")
    assert list(told) == [(manager.pk, "organisation.corrected"), (other.pk, "organisation.corrected")]


@pytest.mark.django_db(transaction=True)
def test_a_refusal_that_was_rolled_back_tells_nobody(mailoutbox):
    house = organisation(manager=person(), state="pending")

    with at_once(), pytest.raises(Exception, match=r".*"):
        refuse_organisation(house, by=staff(Role.OFFICER), reason="")

    assert not Notice.objects.exists()
    assert mailoutbox == []


def test_a_notice_is_opened_by_its_reader_only(client, entry):
    reader = person()
    notice = told(reader, entry)
    sign_in(client, person())
    assert client.get(notice.get_absolute_url()).status_code == 404

    sign_in(client, reader)
    answer = client.get(notice.get_absolute_url())

    notice.refresh_from_db()
    assert answer.url == "/organisations/mine/"
    assert notice.read_at is not None


def test_all_are_read_at_once_and_only_own_ones(entry):
    reader, other = person(), person()
    told(reader, entry)
    left = told(other, entry)

    assert mark_all_read(by=reader) == 1

    left.refresh_from_db()
    assert left.read_at is None


def test_every_page_counts_what_its_reader_did_not_open(client, entry):
    reader, rival = person(), person()
    again = journal.record(Kind.ORGANISATION_VERIFIED, organisation(), by=None)
    notices = [told(user, each) for user in (reader, rival) for each in (entry, again)]
    assert sign_in(client, reader).get("/desk/").context["unread_notices"] == 2

    client.get(notices[0].get_absolute_url())

    assert client.get("/desk/").context["unread_notices"] == 1
    assert sign_in(client, rival).get("/desk/").context["unread_notices"] == 2
    assert client.__class__().get("/privacy/").context["unread_notices"] == 0


def test_the_list_asks_no_more_for_more(client):
    reader = person()
    sign_in(client, reader)
    told(reader, journal.record(Kind.ORGANISATION_VERIFIED, organisation(), by=None))
    client.get(reverse("notice-list"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("notice-list"))
    for _ in range(2):
        told(reader, journal.record(Kind.ORGANISATION_VERIFIED, organisation(), by=None))

    with CaptureQueriesContext(connection) as three:
        answer = client.get(reverse("notice-list"))

    assert len(three) == len(one)
    assert answer.context["unread"] == 3
    assert Organisation.objects.count() == 3


def test_money_and_times_of_the_data_are_printed():
    shown = printed({"price_fen": 220_000_000, "until_at": "2026-06-18T06:03:00+00:00", "code": "A"})

    assert shown == {"price": "220 万元", "until_at": "2026-06-18 14:03", "code": "A"}


def test_every_kind_has_words_that_can_be_filled():
    for text in texts().values():
        assert str(text.title)
        assert text.group in Group
