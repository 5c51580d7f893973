"""How far a talk has come, as cards and rows of the board tell it: by what is there, not by a state."""

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.core import clock
from marketplace.core.files import files_of
from marketplace.deals.models import Deal
from marketplace.deals.nda import accept_nda
from marketplace.deals.talking import add_deal_file, add_note, write_terms
from marketplace.deals.talks import Step, steps_reached
from tests.factories.people import sign_in
from tests.marketplace.deals.factories import from_interest, outcome, pdf, pricing

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk():
    return from_interest(on=outcome())


def reached(talk):
    return steps_reached(Deal.objects.filter(pk=talk.deal.pk).prefetch_related("nda_acceptances"))[talk.deal.pk]


def secret(talk):
    for party in (talk.seller, talk.buyer):
        accept_nda(talk.deal, **party.as_party)


def laid_down(talk):
    add_deal_file(talk.deal, upload=pdf(), purpose="other", **talk.seller.as_party)


def met(talk, **how):
    add_note(talk.deal, text="会谈", met_on=clock.today(), participants="双方", **talk.seller.as_party, **how)


def written(talk):
    write_terms(talk.deal, subject="专利两件", price_terms="一次付清", **talk.seller.as_party)


@pytest.mark.parametrize(
    ("happened", "step"),
    [
        ([], Step.CONTACT),
        ([secret], Step.SECRECY),
        ([secret, laid_down], Step.ROOM),
        ([met], Step.MEETING),
        ([written], Step.TERMS),
        ([written, met, laid_down, secret], Step.TERMS),
    ],
)
def test_the_furthest_thing_that_is_there_tells_the_step(talk, happened, step):
    for act in happened:
        act(talk)

    assert reached(talk) is step


def test_what_one_side_did_alone_is_no_step_of_both(talk):
    accept_nda(talk.deal, **talk.buyer.as_party)
    met(talk, is_shared=False)

    assert reached(talk) is Step.CONTACT


def test_a_document_that_was_taken_back_is_not_there(talk):
    laid_down(talk)
    files_of(talk.deal).update(withdrawn_at=clock.now())

    assert reached(talk) is Step.CONTACT


@pytest.mark.parametrize(("prefix", "words"), [("", "会谈（4/5）"), ("/en", "Meetings (4 of 5)")])
def test_board_and_list_print_it(talk, prefix, words):
    met(talk)
    reader = sign_in(Client(), talk.seller.manager)
    address = f"{prefix}{reverse('deal-list')}"

    for shown in (address, f"{address}?view=list"):
        assert words in reader.get(shown).content.decode()


def test_a_deal_at_its_price_is_no_talk():
    priced = pricing()
    met(priced)
    reader = sign_in(Client(), priced.seller.manager)

    page = reader.get(reverse("deal-list")).content.decode()
    assert priced.deal.outcome.title in page
    assert "（4/5）" not in page
