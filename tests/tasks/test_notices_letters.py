"""Who is told of an objection that came on paper, and what the objector is mailed."""

from smtplib import SMTPRecipientsRefused

import pytest

from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.deals.actions import terminate_deal
from marketplace.deals.publishing import price_publicity
from marketplace.notices.models import Notice
from marketplace.publicity.actions import answer_objection, make_objection, withdraw_objection
from marketplace.publicity.letters import enter_objection
from marketplace.publicity.taking_back import take_back_letter
from tasks.delivery import deliver
from tests.factories import people
from tests.marketplace.contracts.factories import scan
from tests.marketplace.deals.factories import agreed_price, member, person

pytestmark = pytest.mark.django_db

ADDRESS = "zhou@example.cn"


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("user", flat=True))


def entered(deal, *, by, **changed):
    facts = {"signed_by": "周样例", "reply_email": ADDRESS, "ground": "price", "text": "价格低于同类成果。"}
    facts |= {"received_on": clock.today(), "letter": [scan("来信.pdf")]} | changed
    return enter_objection(price_publicity(deal), by=by, **facts)


def mails_to(mailoutbox, address=ADDRESS):
    return [mail for mail in mailoutbox if mail.to == [address]]


def test_those_who_answer_are_told_as_of_an_objection_made_here(commit):
    deal, seller, buyer = agreed_price()
    judge, officer, writer = member(deal.seller), person("officer"), person("officer")

    commit(lambda: entered(deal, by=writer))

    assert told("objection.to_answer") >= {judge.pk, officer.pk}
    assert not told("objection.to_answer") & {writer.pk, seller.manager.pk, buyer.manager.pk}


def test_the_objector_is_mailed_that_it_came_and_how_it_was_answered(commit, mailoutbox):
    deal, _seller, _buyer = agreed_price()
    writer, judge = person("officer"), member(deal.seller)

    objection = commit(lambda: entered(deal, by=writer))

    (came,) = mails_to(mailoutbox)
    assert "已收到您对" in came.subject
    assert price_publicity(deal).get_absolute_url() in came.body
    assert "周样例" in came.body
    assert str(writer) not in came.body
    commit(lambda: answer_objection(objection, by=judge, is_upheld=False, answer="经评估，价格公允"))
    _came, answered = mails_to(mailoutbox)
    assert "所提异议的答复" in answered.subject
    assert "经评估，价格公允" in answered.body
    assert "不成立" in answered.body
    assert "dismissed" in answered.body
    assert told("objection.answered") == set()
    assert told("objection.answered_on_paper") == set()


def test_without_an_address_whoever_entered_it_passes_the_answer_on(commit, mailoutbox):
    deal, _seller, _buyer = agreed_price()
    writer, judge = person("officer"), member(deal.seller)
    before = {"reply_email": "", "reply_contact": "0577-8888 0000"}
    objection = commit(lambda: entered(deal, by=writer, **before))

    commit(lambda: answer_objection(objection, by=judge, is_upheld=False, answer="经评估，价格公允"))

    assert told("objection.answered_on_paper") == {writer.pk}
    assert [mail for mail in mailoutbox if mail.to == [""]] == []


def test_when_the_publicity_is_stopped_the_objector_hears_it_too(commit, mailoutbox):
    deal, _seller, buyer = agreed_price()
    writer = person("officer")
    commit(lambda: entered(deal, by=writer))
    commit(
        lambda: entered(deal, by=writer, signed_by="吴样例", reply_email="", reply_contact="温州市瓯海区样例路 1 号")
    )

    commit(lambda: terminate_deal(deal, reason="预算取消", **buyer.as_party))

    assert "无需再答复" in mails_to(mailoutbox)[-1].subject
    assert len(mails_to(mailoutbox)) == 2
    assert told("objection.lapsed_on_paper") == {writer.pk}
    assert told("objection.lapsed") == set()


def test_an_address_that_is_refused_is_noted_and_staff_pass_the_answer_on(commit, client, monkeypatch):
    deal, _seller, _buyer = agreed_price()
    writer, judge = person("officer"), member(deal.seller)

    def refuse(self, fail_silently=False):
        raise SMTPRecipientsRefused({self.to[0]: (550, b"no such box")})

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", refuse)
        objection = commit(lambda: entered(deal, by=writer))
    objection.refresh_from_db()
    assert objection.mail_refused_at is not None

    commit(lambda: answer_objection(objection, by=judge, is_upheld=False, answer="经评估，价格公允"))

    assert told("objection.answered_on_paper") == {writer.pk}


def test_a_letter_answered_before_the_first_mail_went_is_mailed_once_with_the_answer(
    mailoutbox, django_capture_on_commit_callbacks, commit
):
    deal, _seller, _buyer = agreed_price()
    with django_capture_on_commit_callbacks(execute=False):
        objection = entered(deal, by=person("officer"))
    commit(lambda: answer_objection(objection, by=member(deal.seller), is_upheld=False, answer="经评估，价格公允"))

    commit(lambda: deliver(Entry.objects.get(kind=Kind.OBJECTION_ENTERED).pk))

    assert ["答复" in mail.subject for mail in mails_to(mailoutbox)] == [True]


def test_the_sender_is_mailed_that_the_entry_was_in_error(commit, mailoutbox):
    deal, seller, _buyer = agreed_price()
    writer, judge = person("officer"), member(deal.seller)
    letter = commit(lambda: entered(deal, by=writer))
    asked = Notice.objects.filter(kind="objection.to_answer", read_at=None)
    assert asked.exists()

    commit(lambda: take_back_letter(letter, by=writer, mistake="误录到另一项公示"))

    came, gone = mails_to(mailoutbox)
    assert letter.code in came.body
    assert "录入有误" in gone.subject
    for words in (letter.code, "误录到另一项公示"):
        assert words in gone.body
    assert str(writer) not in gone.body
    assert told("objection.taken_back") >= {judge.pk}
    assert not told("objection.taken_back") & {writer.pk, seller.manager.pk}
    assert not asked.exists()


def test_entered_anew_both_mails_name_both_numbers(commit, mailoutbox):
    deal, _seller, _buyer = agreed_price()
    writer = person("officer")
    letter = commit(lambda: entered(deal, by=writer))

    right = commit(lambda: entered(deal, by=writer, letter=[], instead_of=letter, mistake="收信日期有误"))

    _came, *two = mails_to(mailoutbox)
    assert len(two) == 2
    for mail in two:
        assert letter.code in mail.body
        assert right.code in mail.body


def test_taken_back_by_another_who_entered_it_hears_of_it(commit, mailoutbox):
    deal, _seller, _buyer = agreed_price()
    writer, another = person("officer"), person("officer")
    letter = commit(lambda: entered(deal, by=writer, reply_email="", reply_contact="0577-8888 0000"))
    writer.groups.clear()

    commit(lambda: take_back_letter(letter, by=another, mistake="误录"))

    assert writer.pk in told("objection.taken_back")
    assert another.pk not in told("objection.taken_back")
    assert mails_to(mailoutbox, "") == []


def test_those_who_were_asked_hear_that_an_objection_is_withdrawn(commit):
    deal, _seller, _buyer = agreed_price()
    judge = member(deal.seller)
    publicity, maker = price_publicity(deal), people.person()
    made = commit(lambda: make_objection(publicity, by=maker, organisation=None, ground="price", text="偏低"))
    (asked,) = Notice.objects.filter(kind="objection.to_answer", user=judge)

    commit(lambda: withdraw_objection(made, by=maker))

    asked.refresh_from_db()
    assert asked.read_at is not None
    assert judge.pk in told("objection.withdrawn")
