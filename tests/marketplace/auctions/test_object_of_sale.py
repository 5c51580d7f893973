"""What is sold, part by part: asked for by the form, frozen and shown by the announcement, copied by a rehearsal."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.invariants import all_problems
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import Lot
from marketplace.auctions.object_parts import PARTS, PartsMissing, in_words
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import (
    SCOPE,
    announced_lot,
    bidder,
    drafted,
    end_now,
    member,
    outcome,
    person,
    planned,
)
from tests.pdf_text import text_of

pytestmark = pytest.mark.django_db
LICENCE = {
    "assets": "ZL202310123456.7\n软件著作权 2024SR0012345",
    "share": "30",
    "territory": "浙江省",
    "term": "签约之日起三年",
    "field_of_use": "汽车零部件热处理",
    "support": "三个月现场支持",
    "improvements": "归改进方所有，互相许可",
}


def typed(session, **facts):
    starts = timezone.localtime(session.starts_at) + timedelta(minutes=1)
    return {
        "outcome": outcome().pk,
        "mode": "assignment",
        "format": "english",
        "object_of_sale": "热处理系统的专利",
        "start_price": "120",
        "starts_at": f"{starts:%Y-%m-%dT%H:%M}",
        "ends_at": f"{starts + timedelta(hours=1):%Y-%m-%dT%H:%M}",
    } | facts


def announced(**facts):
    return announced_lot(starts_at=timezone.now() + timedelta(days=3), object_parts=LICENCE, **facts)


def test_the_form_asks_for_the_parts_and_keeps_what_was_named(client):
    session = planned()
    sign_in(client, person("organiser"))

    asked = client.get(reverse("lot-add", args=[session.number])).content.decode()
    client.post(reverse("lot-add", args=[session.number]), typed(session, territory="浙江省", term=" ", share="12.50"))

    assert all(f'name="{name}"' in asked for name in PARTS)
    assert Lot.objects.get().object_parts == {"territory": "浙江省", "share": "12.5"}


@pytest.mark.parametrize("mode", ["exclusive", "sole", "ordinary"])
def test_a_licence_is_drafted_with_its_scope(client, mode):
    session = planned()
    sign_in(client, person("organiser"))
    address = reverse("lot-add", args=[session.number])

    page = client.post(address, typed(session, mode=mode, territory="浙江省", field_of_use="  "))
    drafted_at_first = Lot.objects.count()
    client.post(address, typed(session, mode=mode, **SCOPE))

    assert page.context["form"].errors == {name: ["许可类标的须写明此项。"] for name in ("term", "field_of_use")}
    assert drafted_at_first == 0
    assert Lot.objects.get().object_parts == SCOPE


def test_what_does_not_fit_the_session_is_told_with_what_is_missing(client):
    session = planned()
    early = timezone.localtime(session.starts_at) - timedelta(days=1)
    sign_in(client, person("organiser"))
    wrong = {"object_of_sale": "", "mode": "ordinary", "starts_at": f"{early:%Y-%m-%dT%H:%M}"}
    wrong["ends_at"] = f"{early - timedelta(hours=1):%Y-%m-%dT%H:%M}"

    page = client.post(reverse("lot-add", args=[session.number]), typed(session, **wrong))

    told = set(page.context["form"].errors)
    assert told == {"object_of_sale", "territory", "term", "field_of_use", "starts_at", "ends_at"}
    box = page.content.decode().partition("data-error-summary")[2].partition("</ul>")[0]
    assert "有 6 处需要改" in box
    assert all(f'<a href="#id_{name}">' in box for name in told)


def test_a_reserve_that_has_no_effect_is_told_with_what_is_missing(client):
    lot, seller = licence_without_term()
    sign_in(client, seller)

    page = client.post(reverse("lot-move", args=[lot.number, "submit"]), {"term": "", "reserve": "1"})

    assert set(page.context["forms"]["submit"].errors) == {"territory", "term", "field_of_use", "reserve"}
    assert Lot.objects.get().state == "draft"


def licence_without_term(**facts):
    """Return a drafted licence that lacks its term and its field of use, and the publisher of its owner."""
    lot = drafted(planned())
    Lot.objects.filter(pk=lot.pk).update(
        mode="ordinary", object_parts={"territory": "浙江省", "support": "三个月"}, **facts
    )
    return Lot.objects.get(pk=lot.pk), member(lot.outcome.owner, "publisher")


def test_the_seller_completes_the_scope_where_it_agrees(client):
    lot, seller = licence_without_term()
    sign_in(client, seller)
    submit = reverse("lot-move", args=[lot.number, "submit"])

    page = client.post(submit, {"territory": "全国", "term": " ", "field_of_use": "齿轮"})
    state = Lot.objects.get().state
    client.post(submit, {"territory": "全国", "term": "五年", "field_of_use": "齿轮"})

    assert page.context["forms"]["submit"].errors == {"term": ["许可类标的须写明此项。"]}
    assert 'value="齿轮"' in page.content.decode()
    assert state == "draft"
    lot.refresh_from_db()
    named = {"territory": "全国", "term": "五年", "field_of_use": "齿轮", "support": "三个月"}
    assert (lot.state, lot.object_parts) == ("review", named)


def test_the_seller_of_an_assignment_is_asked_for_no_scope(client):
    lot = drafted(planned())
    sign_in(client, member(lot.outcome.owner, "publisher"))

    client.post(reverse("lot-move", args=[lot.number, "submit"]), {"reserve": ""})

    assert (Lot.objects.get().state, Lot.objects.get().object_parts) == ("review", {})


def test_neither_agreement_nor_review_lets_a_licence_without_its_scope_through(client):
    lot, seller = licence_without_term()
    with pytest.raises(PartsMissing) as unsent:
        actions.submit_lot(lot, by=seller, organisation=lot.outcome.owner)
    Lot.objects.update(state="review")
    sign_in(client, person("organiser"))

    page = client.post(reverse("lot-move", args=[lot.number, "approve"]), follow=True).content.decode()

    assert (unsent.value.field, unsent.value.missing) == ("term", ["term", "field_of_use"])
    assert "尚缺：期限、使用领域" in page
    assert Lot.objects.get().state == "review"
    assert Lot.objects.get().session.state == "collecting"


def test_a_licence_approved_before_the_rule_is_announced_as_it_is():
    lot, _seller = licence_without_term(state="approved")
    session = lot.session
    type(session).objects.filter(pk=session.pk).update(state="reviewed")
    session.refresh_from_db()

    actions.announce_session(session, by=person("organiser"))

    assert (Lot.objects.get().state, session.announcement["lots"][0]["object_parts"]) == (
        "announced",
        {"territory": "浙江省", "support": "三个月"},
    )


@pytest.mark.parametrize("share", ["0", "100.01", "-3", "一半", "NaN"])
def test_a_share_is_a_per_cent(client, share):
    session = planned()
    sign_in(client, person("organiser"))

    page = client.post(reverse("lot-add", args=[session.number]), typed(session, share=share))

    assert set(page.context["form"].errors) == {"share"}
    assert not Lot.objects.exists()


def test_a_whole_is_a_hundred_per_cent(client):
    session = planned()
    sign_in(client, person("organiser"))

    client.post(reverse("lot-add", args=[session.number]), typed(session, share="100"))

    assert Lot.objects.get().object_parts == {"share": "100"}


def test_the_announcement_says_and_freezes_them(client):
    lot = announced()
    session = lot.session

    terms = session.announcement["lots"][0]
    pages = [client.get(address).content.decode() for address in (lot.get_absolute_url(), session.announcement_url)]
    paper = text_of(client.get(reverse("announcement-pdf", args=[session.number])).content)

    assert terms["object_parts"] == LICENCE
    for words in ("签约之日起三年", "使用领域", "汽车零部件热处理"):
        assert all(words in page for page in pages)
        assert words in paper
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        Lot.objects.filter(pk=lot.pk).update(object_parts={})
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        Lot.objects.filter(pk=lot.pk).update(defects="无")
    assert all_problems() == []


def test_an_announcement_without_parts_says_nothing_of_them():
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=3))

    assert "object_parts" not in lot.session.announcement["lots"][0]
    assert in_words(lot.object_parts) == []


def test_the_confirmation_repeats_them(client):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1), object_parts=LICENCE)
    buyer = bidder(lot)
    actions.place_bid(lot, by=buyer.agent, organisation=buyer.organisation, amount=160 * WAN, key="a")
    end_now(lot)
    actions.close_lot(lot)
    actions.confirm_sale(Lot.objects.get(pk=lot.pk), by=person("organiser"))
    sign_in(client, buyer.agent)

    page = client.get(lot.confirmation.get_absolute_url()).content.decode()

    assert "签约之日起三年" in page
    assert "出让权益比例" in page


def test_a_rehearsal_copies_them():
    lot = announced()
    times = {"starts_at": timezone.now() + timedelta(hours=1), "lasts": timedelta(minutes=20)}

    rehearsal = actions.rehearse_session(lot.session, by=person("organiser"), **times)

    assert rehearsal.lots.get().object_parts == LICENCE
