"""Answers of co-owners that come on paper: an officer enters them with the letter."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from marketplace.core import clock
from marketplace.core.files import UnwantedType, files_of
from marketplace.core.journal import Entry
from marketplace.core.views import is_visible_to
from marketplace.organisations.actions import suspend_organisation
from marketplace.outcomes import co_owner_letters as letters
from marketplace.outcomes.co_owner_letters import enter_co_owner_answer
from marketplace.outcomes.co_ownership import CoOwnerAnswer
from marketplace.outcomes.co_owning import ObjectionReasonMissing, ObjectionTooLong
from marketplace.reviews.actions import approve_review, recall_review
from marketplace.reviews.refusals import NotPublishable
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import scan
from tests.marketplace.outcomes.making import fresh, person
from tests.marketplace.outcomes.owning import Partner, agree, asked_of, sent_with

REASON = "转让须先经我方董事会讨论"


@pytest.fixture
def partner(platform):
    return Partner(name="瓯江样例科技有限公司")


@pytest.fixture
def asked(institute, partner):
    return asked_of(sent_with(institute, partner), partner)


def said(**changed):
    facts = {"answer": "agreed", "signed_by": "郑样例", "received_on": clock.today(), "letter": [scan("同意函.pdf")]}
    return facts | changed


def entered(asked, *, by=None, **changed):
    return enter_co_owner_answer(asked, by=by or person("officer"), **said(**changed))


def test_an_agreement_on_paper_counts_and_tells_whence_it_came(institute, partner, asked):
    officer = person("officer")

    answer = entered(asked, by=officer)

    asked.refresh_from_db()
    assert (asked.state, answer.answer, answer.answered_by) == ("agreed", "agreed", None)
    assert (answer.entered_by, answer.signed_by, answer.received_on) == (officer, "郑样例", clock.today())
    assert files_of(answer).get().is_confidential
    entry = Entry.objects.get(kind="outcome.co_owner_agreed")
    assert (entry.actor, entry.on_behalf_of) == (officer, partner.organisation)
    assert (entry.data["on_paper"], entry.data["received_on"]) == (True, clock.today().isoformat())
    outcome = fresh(asked.outcome)
    for reviewer in (institute.manager, institute.officer):
        approve_review(fresh(outcome).pending_review, by=reviewer)
    assert fresh(outcome).live


def test_an_objection_on_paper_keeps_the_version_from_being_published(institute, asked):
    entered(asked, answer="objected", reason=REASON)
    approve_review(fresh(asked.outcome).pending_review, by=institute.manager)

    with pytest.raises(NotPublishable, match=REASON):
        approve_review(fresh(asked.outcome).pending_review, by=institute.officer)


@pytest.mark.parametrize(
    ("facts", "refusal", "field"),
    [
        ({"answer": "objected", "reason": " "}, ObjectionReasonMissing, "reason"),
        ({"answer": "objected", "reason": "长" * 501}, ObjectionTooLong, "reason"),
        ({"signed_by": " \x00"}, letters.SignatureMissing, "signed_by"),
        ({"letter": []}, letters.LetterMissing, "letter"),
        ({"letter": [SimpleUploadedFile("同意函.pdf", b"no paper")]}, UnwantedType, "letter"),
    ],
)
def test_what_a_letter_must_be(asked, facts, refusal, field):
    with pytest.raises(refusal) as refused:
        entered(asked, **facts)

    assert refused.value.field == field
    assert not CoOwnerAnswer.objects.exists()
    asked.refresh_from_db()
    assert asked.state == "waiting"


def test_the_day_lies_between_the_question_and_today(asked):
    with pytest.raises(letters.NotReceivedYet):
        entered(asked, received_on=clock.today() + timedelta(days=1))
    with pytest.raises(letters.ReceivedBeforeAsked):
        entered(asked, received_on=clock.today() - timedelta(days=1))

    assert not CoOwnerAnswer.objects.exists()


def test_a_letter_from_before_the_last_answer_does_not_undo_it(partner, asked):
    with clock.moved_to(clock.now() + timedelta(days=3)):
        agree(asked.outcome, partner)

        with pytest.raises(letters.AnsweredSince):
            entered(asked, answer="objected", reason=REASON, received_on=clock.today() - timedelta(days=1))
        with pytest.raises(letters.AgreedAlready):
            entered(asked)
        entered(asked, answer="objected", reason=REASON)

    asked.refresh_from_db()
    assert asked.state == "objected"


def test_about_what_was_taken_back_nothing_is_entered(institute, asked):
    recall_review(fresh(asked.outcome), by=institute.publisher)

    with pytest.raises(letters.NothingToEnter):
        entered(asked)


def test_only_officers_of_neither_side_enter_and_only_for_who_is_verified(institute, partner, asked):
    for user in (institute.manager, partner.manager, person("registrar"), person("officer", of=partner.organisation)):
        with pytest.raises(PermissionDenied):
            entered(asked, by=user)
    suspend_organisation(partner.organisation, by=institute.officer, reason="材料失实")
    with pytest.raises(PermissionDenied):
        entered(type(asked).objects.get())

    assert not CoOwnerAnswer.objects.exists()


def test_the_database_keeps_letters_apart(asked):
    facts = {"co_ownership": asked, "answer": "agreed", "modes": [], "answered_at": clock.now()}
    for whose in (
        {},
        {"entered_by": person("officer")},
        {"entered_by": person("officer"), "signed_by": "郑样例", "received_on": clock.today(), "answered_by": person()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            CoOwnerAnswer.objects.create(**facts, **whose)


def test_both_sides_open_the_letter_and_nobody_else(institute, partner, asked):
    letter = files_of(entered(asked)).get()
    people = {
        "co-owner": partner.publisher,
        "owner": institute.publisher,
        "officer": person("officer"),
        "stranger": Partner().manager,
    }

    assert {who for who, user in people.items() if is_visible_to(letter, user)} == {"co-owner", "owner", "officer"}


# pages


def address_of(asked):
    return reverse("co-ownership-letter", args=[asked.code])


def test_an_officer_enters_it_on_the_page_and_all_read_that_it_came_on_paper(client, partner, asked):
    officer = person("officer")
    sign_in(client, officer)
    assert address_of(asked) in client.get(asked.get_absolute_url()).content.decode()

    answer = client.post(address_of(asked), said(received_on=clock.today().isoformat()))

    assert (answer.status_code, answer.url) == (302, asked.get_absolute_url())
    sign_in(client, partner.publisher)
    page = client.get(asked.get_absolute_url()).content.decode()
    for words in ("郑样例", "书面", str(officer), "同意函.pdf"):
        assert words in page
    assert address_of(asked) not in page


def test_what_is_wrong_stands_beside_its_field(client, asked):
    sign_in(client, person("officer"))

    page = client.post(address_of(asked), said(answer="objected", reason="", received_on="2001-01-01"))

    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"reason"}
    assert "郑样例" in page.content.decode()
    empty = client.post(address_of(asked), {"answer": ""})
    assert set(empty.context["form"].errors) == {"answer", "signed_by", "received_on", "letter"}
    assert not CoOwnerAnswer.objects.exists()
