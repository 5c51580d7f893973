"""Who is told of an amended announcement: sellers and whoever has registered, each once, in the site and by mail."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.core.journal import Entry
from marketplace.notices.models import Notice
from tasks import notices
from tasks.delivery import plan
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import announced_lot, bidder, member, organisation, person

pytestmark = pytest.mark.django_db


def told():
    return list(Notice.objects.filter(kind="session.amended").values_list("user", flat=True))


def amend(lot):
    return actions.amend_announcement(
        lot.session, by=person("organiser"), summary="会场改到三楼", reason="检修", venue="三楼"
    )


def test_sellers_and_bidders_are_told_once_and_by_mail(commit, client):
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=10))
    seller, stranger = member(lot.outcome.owner, "publisher"), member(organisation(), "bidder")
    paid = bidder(lot, at=timezone.now())
    firm = organisation()
    applied = actions.apply_for_lot(lot, by=member(firm, "bidder"), organisation=firm, declared=True)
    other = organisation()
    rejected = actions.apply_for_lot(lot, by=member(other, "bidder"), organisation=other, declared=True)
    actions.reject_bidder(rejected, by=person("organiser"), reason="材料不实")

    commit(lambda: amend(lot))

    assert {seller.pk, paid.agent_id, applied.agent_id} <= set(told())
    assert len(told()) == len(set(told()))
    assert not {stranger.pk, rejected.agent_id} & set(told())
    mailed = {address for message in mail.outbox for address in message.to}
    assert {seller.email, paid.agent.email, applied.agent.email} <= mailed
    notice = Notice.objects.get(kind="session.amended", user=paid.agent)
    assert notice.title == f"“{lot.session.title}”的公告已修改：修改公告 1"
    sign_in(client, paid.agent)
    assert client.get(notice.path.split("#")[0]).status_code == 200


def test_who_is_told_just_when_the_mails_begin_gets_one(monkeypatch):
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=10))
    seller = member(lot.outcome.owner, "publisher")
    amend(lot)
    by_name = {each.consequence: each for each in plan(Entry.objects.latest("pk").pk)}

    def told_between(_entry):
        notices.tell_people(by_name[notices.TOLD])
        return True

    monkeypatch.setattr(notices, "_has_told", told_between)
    notices.mail_people(by_name["notices.mail_people"])

    assert [seller.email] in [message.to for message in mail.outbox]


def test_nobody_is_told_of_practice(commit, monkeypatch):
    monkeypatch.setattr(settings, "DEMO", True)
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=5), is_practice=True)
    bidder(lot, at=timezone.now())

    commit(lambda: amend(lot))

    assert told() == []
