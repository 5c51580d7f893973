"""Objections that come on paper: who enters them and until when, what holds, and what the pages say."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from marketplace.core import clock
from marketplace.core.files import CutOff, TooLarge, UnwantedType, files_of
from marketplace.core.journal import Entry, Kind
from marketplace.core.rules import why_not
from marketplace.core.views import is_visible_to
from marketplace.core.working_days import add_working_days
from marketplace.deals.publishing import price_publicity
from marketplace.desk.piles import rows_of
from marketplace.desk.rows import Reader
from marketplace.desk.waiting import publicity as desk
from marketplace.publicity import letters, rules
from marketplace.publicity.actions import answer_objection, end_publicity, make_objection, stop_publicity
from marketplace.publicity.letters import enter_objection
from marketplace.publicity.models import Objection, Publicity
from tasks.publicity import end_due_publicity
from tests.factories import people
from tests.factories.people import sign_in
from tests.marketplace.auctions.racing import at_once
from tests.marketplace.contracts import shared
from tests.marketplace.contracts.factories import scan
from tests.marketplace.deals.factories import agreed_price, member, person, stand
from tests.marketplace.publicity.writing import HOUSE, NAME, entered, said
from tests.marketplace.rewards import making as rewards
from tests.marketplace.trials import factories as trials

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_day_to_enter(settings):
    settings.PUBLICITY_ENTRY_DAYS = 1


@pytest.fixture
def publicity():
    deal, _seller, _buyer = agreed_price()
    return price_publicity(deal)


def on(day):
    """Move the clock to a day, at this hour."""
    return clock.moved_to(clock.now() + (day - clock.today()))


def state_of(row):
    row.refresh_from_db()
    return row.state


def test_a_letter_becomes_an_objection_and_tells_whence_it_came(publicity):
    officer = person("officer")

    objection = entered(publicity, by=officer, reply_contact="0577-8888 0000")

    assert (objection.made_by, objection.organisation, objection.entered_by) == (None, None, officer)
    assert (objection.signature, objection.received_on) == (f"{HOUSE} · {NAME}", clock.today())
    assert (objection.state, objection.ground, objection.text) == ("made", "price", "价格低于同类成果。")
    file = files_of(objection).get()
    assert (file.purpose, file.is_confidential, file.added_by) == ("letter", True, officer)
    entry = Entry.objects.get(kind=Kind.OBJECTION_ENTERED)
    assert (entry.actor, entry.subject) == (officer, objection)
    assert entry.data == {"ground": "price", "received_on": clock.today().isoformat(), "on_paper": True}
    assert not Entry.objects.filter(kind=Kind.OBJECTION_MADE).exists()


def test_it_holds_the_end_and_is_answered_like_any_other(publicity):
    objection = entered(publicity)
    with on(publicity.ends_on + timedelta(days=30)):
        end_due_publicity()
        assert not end_publicity(publicity)
        assert state_of(publicity) == "running"

        answer_objection(
            objection, by=member(publicity.subject.deal.seller), is_upheld=False, answer="经评估，价格公允"
        )
        end_due_publicity()

    assert (state_of(objection), state_of(publicity)) == ("dismissed", "ended")


def test_upheld_it_stops_the_publicity_and_others_fall(publicity):
    first, second = entered(publicity), entered(publicity, signed_by="吴样例")

    answer_objection(first, by=person("officer"), is_upheld=True, answer="成立")

    assert (state_of(first), state_of(second), state_of(publicity)) == ("upheld", "lapsed", "stopped")


def test_what_came_in_time_is_entered_after_the_last_day(publicity):
    """The letter came on the last day and is entered on the next working day: the publicity has waited for it."""
    last = publicity.ends_on
    closing = add_working_days(last, 1)
    assert publicity.closes_on == closing
    with on(closing):
        end_due_publicity()
        assert not end_publicity(publicity)

        objection = entered(publicity, received_on=last)

    with on(closing + timedelta(days=1)):
        end_due_publicity()
    assert (objection.received_on, state_of(publicity)) == (last, "running")


def test_after_the_day_for_entering_the_publicity_ends(publicity):
    with on(publicity.closes_on):
        assert list(Publicity.objects.due(clock.today())) == []
    with on(publicity.closes_on + timedelta(days=1)):
        assert list(Publicity.objects.due(clock.today())) == [publicity]
        end_due_publicity()

    assert state_of(publicity) == "ended"


def test_without_a_day_for_entering_it_ends_the_day_after_its_last(publicity, settings):
    settings.PUBLICITY_ENTRY_DAYS = 0
    with on(publicity.ends_on):
        assert list(Publicity.objects.due(clock.today())) == []
    with on(publicity.ends_on + timedelta(days=1)):
        assert list(Publicity.objects.due(clock.today())) == [publicity]


def test_an_objection_that_holds_the_end_lets_letters_in_time_be_entered_later(publicity):
    entered(publicity)
    with on(publicity.ends_on + timedelta(days=20)):
        late = entered(publicity, signed_by="吴样例", received_on=publicity.ends_on)

    assert state_of(late) == "made"


@pytest.mark.parametrize(
    ("days", "refusal"),
    [
        (lambda term, today: today + timedelta(days=1), letters.NotReceivedYet),
        (lambda term, today: term.begins_on - timedelta(days=1), letters.ReceivedTooEarly),
    ],
)
def test_a_letter_came_neither_after_today_nor_before_the_publicity(publicity, days, refusal):
    with pytest.raises(refusal) as refused:
        entered(publicity, received_on=days(publicity, clock.today()))

    assert refused.value.field == "received_on"
    assert not Objection.objects.exists()


def test_a_letter_that_came_after_the_last_day_is_not_in_time(publicity):
    with on(publicity.closes_on), pytest.raises(letters.ReceivedTooLate, match=publicity.ends_on.isoformat()):
        entered(publicity, received_on=clock.today())

    assert not Objection.objects.exists()


def test_once_it_has_ended_or_was_stopped_a_letter_is_too_late_to_matter(settings):
    settings.PUBLICITY_ENTRY_DAYS = 0
    ended, stopped = (agreed_price().deal for _each in range(2))
    stand(ended)
    stop_publicity(stopped.price_proposals.get(), by=None)

    with pytest.raises(letters.PublicityConcluded):
        entered(price_publicity(ended))
    with pytest.raises(letters.PublicityFell):
        entered(price_publicity(stopped))

    assert not Objection.objects.exists()
    assert not Entry.objects.filter(kind=Kind.OBJECTION_ENTERED).exists()


@pytest.mark.parametrize(
    ("facts", "refusal", "field"),
    [
        ({"signed_by": " ", "signed_for": ""}, letters.Unsigned, "signed_by"),
        ({"reply_email": "", "reply_contact": " \x00"}, letters.NowhereToReply, "reply_contact"),
        ({"text": " \x00 "}, letters.TextMissing, "text"),
        ({"letter": []}, letters.LetterMissing, "letter"),
        ({"letter": [SimpleUploadedFile("来信.pdf", b"no paper")]}, UnwantedType, "letter"),
        ({"letter": [SimpleUploadedFile("来信.docx", b"PK\x03\x04" + b"0" * 500)]}, UnwantedType, "letter"),
        ({"letter": [SimpleUploadedFile("来信.pdf", b"%PDF-1.7 " + b"0" * 400)]}, CutOff, "letter"),
        ({"letter": [SimpleUploadedFile("来信.pdf", b"%PDF-1.7 " + b"0" * (21 << 20) + b"%%EOF")]}, TooLarge, "letter"),
    ],
)
def test_what_a_letter_must_be(publicity, facts, refusal, field):
    with pytest.raises(refusal) as refused:
        entered(publicity, **facts)

    assert refused.value.field == field
    assert not Objection.objects.exists()


def test_a_seal_alone_or_a_name_alone_is_a_signature_and_a_phone_is_a_way_to_reply(publicity):
    sealed = entered(publicity, signed_by="", reply_email="", reply_contact="0577-8888 0000")
    signed = entered(publicity, signed_for="")

    assert (sealed.signature, signed.signature) == (HOUSE, NAME)


def test_the_same_letter_is_entered_once(publicity):
    entered(publicity)

    with pytest.raises(letters.EnteredAlready):
        entered(publicity, signed_by=f"  {NAME} ", text="再录一次")
    entered(publicity, signed_by=f"{NAME}（茶山街道）")

    assert Objection.objects.count() == 2
    assert Entry.objects.filter(kind=Kind.OBJECTION_ENTERED).count() == 2


def test_people_with_an_account_still_object_beside_letters(publicity):
    entered(publicity)
    make_objection(publicity, by=people.person(), organisation=None, ground="price", text="偏低")
    make_objection(publicity, by=people.person(), organisation=None, ground="price", text="偏低")

    assert publicity.objections.unanswered().count() == 3


@pytest.mark.parametrize("facts", [{"made_by": True}, {"signed_by": "", "signed_for": ""}, {"received_on": None}])
def test_the_database_keeps_letters_apart(publicity, facts):
    objection = entered(publicity)
    changed = {"made_by": people.person()} if "made_by" in facts else facts

    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=objection.pk).update(**changed)


# who


def allowed(cast, publicity):
    return {who for who, user in cast.items() if why_not(rules.enter_objection, user, publicity) is None}


def of_parties(*organisations):
    """Return an officer who belongs to each of them, by number."""
    officers = {}
    for number, organisation in enumerate(organisations):
        officers[f"officer of party {number}"] = person("officer")
        people.join(officers[f"officer of party {number}"], organisation)
    return officers


def test_officers_of_neither_side_enter_letters_to_a_price(publicity):
    deal = publicity.subject.deal
    staff = {role: person(role) for role in ("officer", "organiser", "registrar", "finance", "auditor", "editor")}
    cast = staff | {
        "visitor": AnonymousUser(),
        "stranger": people.person(),
        "seller": member(deal.seller),
        "officer who manages the seller": person("officer", member_of=deal.seller, roles=["manager"]),
        **of_parties(deal.seller, deal.buyer),
    }

    assert allowed(cast, publicity) == {"officer"}
    with pytest.raises(PermissionDenied):
        entered(publicity, by=cast["officer of party 1"])
    assert not Objection.objects.exists()


def test_officers_of_neither_side_enter_letters_to_a_price_after_a_trial():
    trial = trials.in_publicity().trial
    term = Publicity.objects.of(trial).get()
    cast = {"officer": person("officer"), **of_parties(trial.outcome.owner, trial.enterprise)}

    assert allowed(cast, term) == {"officer"}


def test_officers_enter_letters_to_a_lead_or_a_reward_that_does_not_concern_them():
    claim = rewards.in_publicity()
    lead, broker = claim.lead, claim.broker
    concerned = of_parties(*filter(None, (lead.party, broker.firm, claim.contract.buyer)))
    concerned["the broker, an officer"] = broker.user
    broker.user.roles = frozenset({"officer"})
    cast = {"officer": person("officer"), **concerned}

    assert allowed(cast, Publicity.objects.of(claim).get()) == {"officer"}
    assert "the broker, an officer" not in allowed(cast, Publicity.objects.of(lead).get())


def test_officers_enter_letters_to_a_plan_which_the_institute_answers(here):
    term = Publicity.objects.of(shared.published(here)).get()
    payee = person("officer")
    cast = {"officer": person("officer"), "manager": here.manager, **of_parties(here.institute)}
    share = term.subject.shares.filter(user=here.second).get()
    type(share)._base_manager.filter(pk=share.pk).update(user=payee)
    term = Publicity.objects.get(pk=term.pk)

    assert allowed(cast | {"officer whom it pays": payee}, term) == {"officer"}
    objection = entered(term, by=cast["officer"])
    assert why_not(rules.answer_objection, cast["officer"], objection) is not None
    assert why_not(rules.answer_objection, here.manager, objection) is None


def test_who_entered_it_may_answer_and_waits_for_it_on_the_desk(publicity):
    officer = person("officer")
    objection = entered(publicity, by=officer)

    rows = rows_of(desk.waiting(Reader(user=officer, organisation=None, at=clock.now())))

    assert [row.url for row in rows] == [publicity.get_absolute_url()]
    answer_objection(objection, by=officer, is_upheld=False, answer="经评估，价格公允")
    assert state_of(objection) == "dismissed"


def test_the_letter_is_read_by_whom_an_objection_made_here_is_read_by(publicity):
    deal = publicity.subject.deal
    objection = entered(publicity)
    letter = files_of(objection).get()
    cast = {
        "visitor": AnonymousUser(),
        "stranger": people.person(),
        "buyer": member(deal.buyer),
        "another manager of the seller": member(deal.seller),
        "officer": person("officer"),
        "auditor": person("auditor"),
    }
    readers = {"another manager of the seller", "officer", "auditor"}

    assert {who for who, user in cast.items() if why_not(rules.read_objection, user, objection) is None} == readers
    assert {who for who, user in cast.items() if is_visible_to(letter, user)} == readers


# pages


def address_of(publicity):
    return reverse("objection-enter", args=[publicity.code])


def typed(**changed):
    facts = said()
    facts["received_on"] = facts["received_on"].isoformat()
    return facts | changed


def test_an_officer_enters_a_letter_on_the_page(client, publicity):
    sign_in(client, person("officer"))
    assert address_of(publicity) in client.get(publicity.get_absolute_url()).content.decode()

    answer = client.post(address_of(publicity), typed(letter=[scan("第1页.pdf"), scan("第2页.pdf")]))

    assert (answer.status_code, answer.url) == (302, publicity.get_absolute_url())
    assert files_of(Objection.objects.get()).count() == 2


def test_the_page_tells_staff_all_and_everybody_the_number(client, publicity):
    officer = person("officer")
    entered(publicity, by=officer, reply_email="", reply_contact="0577-8888 0000")
    sign_in(client, officer)
    staff = client.get(publicity.get_absolute_url()).content.decode()
    judge = sign_in(Client(), member(publicity.subject.deal.seller)).get(publicity.get_absolute_url()).content.decode()
    public = Client().get(publicity.get_absolute_url()).content.decode()

    for words in (NAME, HOUSE, str(officer), "0577-8888 0000", "来信.pdf", "书面异议，收信日期"):
        assert words in staff
    assert (NAME in judge, "0577-8888 0000" in judge) == (True, False)
    for words in (NAME, HOUSE, str(officer), "0577-8888 0000", "价格低于同类成果", address_of(publicity)):
        assert words not in public
    assert '<dd class="num">1</dd>' in public


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"signed_by": "", "signed_for": ""}, {"signed_by"}),
        ({"reply_email": "不是邮箱"}, {"reply_email"}),
        ({"reply_email": "", "reply_contact": ""}, {"reply_contact"}),
        ({"received_on": "2026-13-40"}, {"received_on"}),
        ({"received_on": "2001-01-01"}, {"received_on"}),
        ({"ground": "grudge", "text": ""}, {"ground", "text"}),
        ({"letter": ""}, {"letter"}),
        ({"letter": SimpleUploadedFile("来信.pdf", b"no paper")}, {"letter"}),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(client, publicity, facts, fields):
    sign_in(client, person("officer"))

    page = client.post(address_of(publicity), typed(**facts))

    assert page.status_code == 200
    assert set(page.context["form"].errors) == fields
    assert ("价格低于同类成果。" in page.content.decode()) == ("text" not in fields)
    assert not Objection.objects.exists()


def test_the_form_says_that_unsigned_letters_are_not_entered(client, publicity):
    sign_in(client, person("officer"))

    page = client.get(address_of(publicity)).content.decode()

    assert "匿名" in page
    assert "实名" in page


def test_when_it_is_too_late_the_page_says_so_without_a_form(client, settings):
    settings.PUBLICITY_ENTRY_DAYS = 0
    deal = agreed_price().deal
    stand(deal)
    term = price_publicity(deal)
    sign_in(client, person("officer"))

    page = client.get(address_of(term)).content.decode()

    assert str(letters.PublicityConcluded()) in page
    assert 'name="signed_by"' not in page
    assert client.post(address_of(term), typed()).status_code == 200
    assert address_of(term) not in client.get(term.get_absolute_url()).content.decode()
    assert not Objection.objects.exists()


def test_after_the_last_day_everybody_reads_until_when_letters_are_entered(client, publicity):
    assert "补录" not in client.get(publicity.get_absolute_url()).content.decode()
    with on(publicity.closes_on):
        page = client.get(publicity.get_absolute_url()).content.decode()

    assert "补录" in page
    assert publicity.closes_on.isoformat() in page
    entered(publicity)
    with on(publicity.closes_on + timedelta(days=1)):
        held = client.get(publicity.get_absolute_url()).content.decode()
    assert "补录" not in held
    assert "全部异议答复后，公示结束。" in held


@pytest.fixture
def here():
    return shared.house()


@pytest.mark.django_db(transaction=True)
def test_a_letter_and_the_end_at_the_same_instant_agree():
    """Either the letter is in and holds the end, or the publicity has ended and the letter is too late."""
    publicity = price_publicity(agreed_price().deal)
    officer = person("officer")
    over = add_working_days(clock.today(), -3)
    Publicity.objects.update(begins_on=over - timedelta(days=20), ends_on=over)
    facts = said(received_on=over)

    at_once(
        [
            lambda: enter_objection(Publicity.objects.get(pk=publicity.pk), by=officer, **facts),
            lambda: end_publicity(Publicity.objects.get(pk=publicity.pk)),
        ]
    )

    assert (state_of(publicity), Objection.objects.count()) in {("running", 1), ("ended", 0)}


@pytest.mark.django_db(transaction=True)
def test_two_officers_enter_the_same_letter_once():
    publicity = price_publicity(agreed_price().deal)
    officers = [person("officer"), person("officer")]

    def enter(officer):
        return enter_objection(Publicity.objects.get(pk=publicity.pk), by=officer, **said())

    results = at_once([lambda one=one: enter(one) for one in officers])

    assert results.count(letters.EnteredAlready) == 1
    assert Objection.objects.count() == 1


def test_the_deal_says_until_when_letters_may_still_hold_its_contract(client):
    deal, seller, _buyer = agreed_price()
    term = price_publicity(deal)

    page = sign_in(client, seller.manager).get(f"{deal.get_absolute_url()}").content.decode()

    assert term.closes_on > term.ends_on
    assert "补录截止" in page
    assert term.closes_on.isoformat() in page
