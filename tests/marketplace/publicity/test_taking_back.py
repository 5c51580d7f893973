"""Letters entered by mistake: who takes the entry back and until when, what counts then, and what the pages say."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from marketplace.core import clock
from marketplace.core.files import files_of
from marketplace.core.journal import Entry, Kind
from marketplace.core.rules import why_not
from marketplace.core.views import is_visible_to
from marketplace.deals.publishing import price_publicity
from marketplace.desk.piles import rows_of
from marketplace.desk.rows import Reader
from marketplace.desk.waiting import publicity as desk
from marketplace.organisations.models import User
from marketplace.publicity import letters, rules, taking_back
from marketplace.publicity.actions import answer_objection, end_publicity, make_objection, stop_publicity
from marketplace.publicity.letters import enter_objection
from marketplace.publicity.models import Objection, Publicity
from marketplace.publicity.taking_back import take_back_letter
from tasks.publicity import end_due_publicity
from tests.factories import people
from tests.factories.people import sign_in
from tests.marketplace.auctions.racing import at_once
from tests.marketplace.deals.factories import agreed_price, member, person
from tests.marketplace.publicity.writing import NAME, entered, said

pytestmark = pytest.mark.django_db

WHY = "误录：同一来信录入了两次"


@pytest.fixture
def publicity():
    return price_publicity(agreed_price().deal)


@pytest.fixture
def officer():
    return person("officer")


@pytest.fixture
def letter(publicity, officer):
    return entered(publicity, by=officer)


def fresh(objection):
    return Objection.objects.get(pk=objection.pk)


def on(day):
    return clock.moved_to(clock.now() + (day - clock.today()))


def test_it_counts_no_more_and_stays_to_be_read(letter, officer):
    take_back_letter(letter, by=officer, mistake=f" {WHY} ")

    kept = fresh(letter)
    assert (kept.state, kept.taken_back_by, kept.taken_back_because) == ("taken_back", officer, WHY)
    assert (kept.signed_by, kept.text, files_of(kept).count()) == (NAME, "价格低于同类成果。", 1)
    assert kept.taken_back_at is not None
    assert list(Objection.objects.counted()) == []
    entry = Entry.objects.get(kind=Kind.OBJECTION_TAKEN_BACK)
    assert (entry.actor, entry.subject, entry.data) == (officer, letter, {"on_paper": True})


def test_it_holds_the_end_no_more(letter, officer, publicity):
    with on(publicity.closes_on + timedelta(days=3)):
        end_due_publicity()
        assert Publicity.objects.get().is_running
        take_back_letter(letter, by=officer, mistake=WHY)
        end_due_publicity()

    assert Publicity.objects.get().state == "ended"


def test_the_desk_asks_nobody_to_answer_it(letter, officer):
    reader = Reader(user=officer, organisation=None, at=clock.now())
    assert len(rows_of(desk.waiting(reader))) == 1

    take_back_letter(letter, by=officer, mistake=WHY)

    assert rows_of(desk.waiting(reader)) == []
    with pytest.raises(Exception, match=r"taken back|撤销"):
        answer_objection(fresh(letter), by=officer, is_upheld=True, answer="成立")


def test_the_same_letter_may_be_entered_rightly_after_it(letter, officer, publicity):
    with pytest.raises(letters.EnteredAlready):
        entered(publicity, by=officer)
    take_back_letter(letter, by=officer, mistake=WHY)

    entered(publicity, by=officer)

    assert sorted(Objection.objects.values_list("state", flat=True)) == ["made", "taken_back"]


def test_entered_twice_it_tells_under_which_number_the_letter_stands(letter, officer, publicity):
    twice = entered(publicity, by=officer, signed_for="")

    take_back_letter(twice, by=officer, mistake=WHY, stands_as=letter)

    assert fresh(twice).stands_as == letter
    assert Entry.objects.get(kind=Kind.OBJECTION_TAKEN_BACK).data == {"on_paper": True, "stands_as": letter.code}


def test_what_was_taken_back_or_is_no_letter_is_no_number_to_stand_under(letter, officer, publicity):
    made_here = make_objection(publicity, by=people.person(), organisation=None, ground="price", text="偏低")
    gone = entered(publicity, by=officer, signed_by="吴样例")
    take_back_letter(gone, by=officer, mistake=WHY)

    for other in (letter, made_here, gone):
        with pytest.raises(taking_back.StandsNowhere):
            take_back_letter(fresh(letter), by=officer, mistake=WHY, stands_as=other)

    assert fresh(letter).state == "made"


def test_without_saying_what_was_wrong_nothing_is_taken_back(letter, officer):
    with pytest.raises(taking_back.MistakeMissing):
        take_back_letter(letter, by=officer, mistake=" \x00")

    assert fresh(letter).state == "made"
    assert not Entry.objects.filter(kind=Kind.OBJECTION_TAKEN_BACK).exists()


def test_once_answered_taken_back_or_fallen_it_stays(officer):
    answered, gone, fallen = (entered(price_publicity(agreed_price().deal), by=officer) for _each in range(3))
    answer_objection(answered, by=officer, is_upheld=False, answer="经评估，价格公允")
    take_back_letter(gone, by=officer, mistake=WHY)
    stop_publicity(fallen.publicity.subject, by=None)

    for one in (answered, gone, fallen):
        with pytest.raises(taking_back.AnsweredOrFallen):
            take_back_letter(fresh(one), by=officer, mistake=WHY)

    assert [fresh(one).state for one in (answered, gone, fallen)] == ["dismissed", "taken_back", "lapsed"]


# entered anew


def anew(letter, publicity, officer, **changed):
    return enter_objection(
        publicity, by=officer, instead_of=letter, **(said() | {"letter": [], "mistake": WHY} | changed)
    )


def test_entered_anew_the_first_entry_is_taken_back_at_once_and_its_letter_is_kept(letter, officer, publicity):
    right = anew(letter, publicity, officer, ground="rights")

    first = fresh(letter)
    assert (first.state, first.stands_as, first.taken_back_because) == ("taken_back", right, WHY)
    assert (right.state, right.ground, right.signed_by) == ("made", "rights", NAME)
    assert files_of(right).get().sha256 == files_of(first).get().sha256
    assert is_visible_to(files_of(right).get(), officer)
    kinds = list(Entry.objects.filter(kind__startswith="objection").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["objection.entered", "objection.entered", "objection.taken_back"]


def test_a_letter_moves_to_the_publicity_it_objects_to(letter, officer, publicity):
    other = price_publicity(agreed_price().deal)

    right = anew(letter, other, officer)

    assert (right.publicity, fresh(letter).stands_as) == (other, right)
    assert list(publicity.objections.unanswered()) == []


def test_between_the_first_entry_and_the_second_nothing_ends(letter, officer, publicity):
    """A day past the closing only this letter holds the end: entered anew it goes on holding it."""
    with on(publicity.closes_on + timedelta(days=3)):
        anew(letter, publicity, officer, received_on=publicity.ends_on)
        end_due_publicity()

    assert Publicity.objects.get().is_running


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"mistake": ""}, taking_back.MistakeMissing),
        ({"text": " "}, letters.TextMissing),
        ({"received_on": "tomorrow"}, letters.NotReceivedYet),
    ],
)
def test_what_is_refused_leaves_the_first_entry_as_it_was(letter, officer, publicity, facts, refusal):
    if "received_on" in facts:
        facts = {"received_on": clock.today() + timedelta(days=1)}

    with pytest.raises(refusal):
        anew(letter, publicity, officer, **facts)

    assert (fresh(letter).state, Objection.objects.count()) == ("made", 1)


def test_an_answered_entry_is_not_entered_anew(letter, officer, publicity):
    answer_objection(letter, by=officer, is_upheld=False, answer="经评估，价格公允")

    with pytest.raises(taking_back.AnsweredOrFallen):
        anew(fresh(letter), publicity, officer, signed_by="吴样例")

    assert Objection.objects.count() == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "taken_back"},
        {"taken_back_because": WHY},
        {"state": "taken_back", "taken_back_because": WHY, "taken_back_at": "2026-11-30T00:00Z"},
    ],
)
def test_the_database_takes_nothing_back_by_halves(letter, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=letter.pk).update(**facts)


# who


def test_who_entered_it_takes_it_back_and_others_once_that_person_enters_none(letter, officer, publicity):
    deal = publicity.subject.deal
    another, of_the_seller = person("officer"), person("officer")
    people.join(of_the_seller, deal.seller)
    cast = {
        "who entered it": officer,
        "another officer": another,
        "officer of the seller": of_the_seller,
        "manager of the seller": member(deal.seller),
        "organiser": person("organiser"),
        "auditor": person("auditor"),
        "stranger": people.person(),
        "visitor": AnonymousUser(),
    }

    def allowed(objection):
        return {who for who, user in cast.items() if why_not(rules.take_back_letter, user, objection) is None}

    assert allowed(letter) == {"who entered it"}
    with pytest.raises(PermissionDenied):
        take_back_letter(letter, by=another, mistake=WHY)
    officer.groups.clear()
    cast["who entered it"] = User.objects.get(pk=officer.pk)
    assert allowed(fresh(letter)) == {"another officer"}
    take_back_letter(fresh(letter), by=another, mistake=WHY)
    assert fresh(letter).taken_back_by == another


def test_once_it_is_a_matter_of_their_own_who_entered_it_leaves_it_to_others(letter, officer, publicity):
    people.join(officer, publicity.subject.deal.buyer)
    another = person("officer")

    assert why_not(rules.take_back_letter, officer, fresh(letter)) is not None
    assert why_not(rules.take_back_letter, another, fresh(letter)) is None


def test_an_objection_made_here_is_not_taken_back_by_staff(officer, publicity):
    objection = make_objection(publicity, by=people.person(), organisation=None, ground="price", text="偏低")

    assert why_not(rules.take_back_letter, officer, objection) is not None


# pages


def address_of(objection):
    return reverse("objection-take-back", args=[objection.code])


def test_the_page_leads_to_both_ways(client, letter, officer, publicity):
    other = price_publicity(agreed_price().deal)
    sign_in(client, officer)
    assert address_of(letter) in client.get(publicity.get_absolute_url()).content.decode()

    page = client.get(address_of(letter))

    choices = [code for code, _words in page.context["elsewhere"].fields["to"].choices]
    assert choices == [publicity.code, other.code]
    assert NAME in page.content.decode()
    led = client.get(address_of(letter), {"to": other.code})
    assert led.url == f"{reverse('objection-enter', args=[other.code])}?instead_of={letter.code}"


def test_the_letter_is_entered_anew_on_the_page(client, letter, officer, publicity):
    sign_in(client, officer)
    path = f"{reverse('objection-enter', args=[publicity.code])}?instead_of={letter.code}"
    page = client.get(path)
    assert page.context["form"]["signed_by"].value() == NAME
    assert "来信.pdf" in page.content.decode()
    typed = said(letter="", ground="rights") | {"received_on": clock.today().isoformat()}

    lacking = client.post(path, typed)
    answer = client.post(path, typed | {"mistake": WHY})

    assert set(lacking.context["form"].errors) == {"mistake"}
    assert (answer.status_code, answer.url) == (302, publicity.get_absolute_url())
    assert sorted(Objection.objects.values_list("state", "ground")) == [("made", "rights"), ("taken_back", "price")]


def test_what_is_wrong_stands_beside_its_field(client, letter, officer):
    sign_in(client, officer)

    page = client.post(address_of(letter), {"mistake": "", "stands_as": "nowhere"})

    assert set(page.context["form"].errors) == {"mistake", "stands_as"}
    assert fresh(letter).state == "made"


def test_taken_back_on_the_page_it_is_read_with_who_when_and_why(client, letter, officer, publicity):
    twice = entered(publicity, by=officer, signed_for="")
    sign_in(client, officer)

    answer = client.post(address_of(twice), {"mistake": WHY, "stands_as": letter.code})

    assert answer.url == publicity.get_absolute_url()
    page = client.get(publicity.get_absolute_url()).content.decode()
    judge = sign_in(Client(), member(publicity.subject.deal.seller)).get(publicity.get_absolute_url()).content.decode()
    for shown in (page, judge):
        assert WHY in shown
        assert str(officer) in shown
        assert f'#objection-{letter.code}">{letter.code}</a>' in shown
        assert address_of(twice) not in shown
    public = Client().get(publicity.get_absolute_url()).content.decode()
    assert WHY not in public
    assert '<dd class="num">1</dd>' in public


def test_what_is_answered_already_has_a_page_without_a_form(client, letter, officer):
    answer_objection(letter, by=officer, is_upheld=False, answer="经评估，价格公允")
    sign_in(client, officer)

    page = client.get(address_of(letter)).content.decode()

    assert 'name="mistake"' not in page
    assert str(taking_back.AnsweredOrFallen(state=fresh(letter).state_label)) in page


def test_the_page_warns_where_nothing_else_holds_the_end(client, letter, officer, publicity):
    sign_in(client, officer)
    warning = "一小时内"
    assert warning not in client.get(address_of(letter)).content.decode()

    with on(publicity.closes_on + timedelta(days=1)):
        assert warning in client.get(address_of(letter)).content.decode()


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_a_taking_back_at_the_same_instant_agree():
    publicity, officer, judge = price_publicity(agreed_price().deal), person("officer"), person("officer")
    letter = entered(publicity, by=officer)

    at_once(
        [
            lambda: take_back_letter(fresh(letter), by=officer, mistake=WHY),
            lambda: answer_objection(fresh(letter), by=judge, is_upheld=False, answer="经评估，价格公允"),
        ]
    )

    kinds = Entry.objects.filter(kind__in=[Kind.OBJECTION_TAKEN_BACK, Kind.OBJECTION_ANSWERED])
    assert kinds.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_entries_that_name_each_other_do_not_wait_for_each_other():
    officer = person("officer")
    first, second = (entered(price_publicity(agreed_price().deal), by=officer) for _each in range(2))

    results = at_once(
        [
            lambda: take_back_letter(fresh(first), by=officer, mistake=WHY, stands_as=fresh(second)),
            lambda: take_back_letter(fresh(second), by=officer, mistake=WHY, stands_as=fresh(first)),
        ]
    )

    assert results.count(taking_back.StandsNowhere) == 1
    assert sorted(Objection.objects.values_list("state", flat=True)) == ["made", "taken_back"]
    assert not end_publicity(Objection.objects.unanswered().get().publicity)
