"""Who bids for an applicant: the legal representative in person, or an agent whose power of attorney is in force."""

import inspect
import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from marketplace.auctions import actions
from marketplace.auctions.authorising import (
    AuthorityBeginsAfterTheBidding,
    AuthorityEndsBeforeItBegins,
    AuthorityEndsBeforeTheBidding,
    AuthorityOver,
    AuthorityUnchecked,
    NotAnAgent,
    PowerOfAttorney,
    RegistrationOver,
)
from marketplace.auctions.authorities import warning_of
from marketplace.auctions.declaration import TEXTS, VERSION, words_of
from marketplace.auctions.documents import ASKED_ALWAYS, Document
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import AgentAuthority, BidderRegistration, LotEvent
from marketplace.auctions.reasons import ReasonMissing
from marketplace.auctions.registering import DeclarationMissing, DeclarationOutdated
from marketplace.auctions.saying_no import NoAuthority
from marketplace.core.files import File, files_of
from marketplace.core.journal import Entry
from tests.factories.people import sign_in
from tests.marketplace.auctions.calling import bearer, send, told
from tests.marketplace.auctions.making import announced_lot, bidder, hybrid_lot, member, organisation, person

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
DAY = timedelta(days=1)


def paper(name="授权委托书.pdf"):
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def power(first=-1, last=30):
    today = timezone.localdate()
    return PowerOfAttorney(today + first * DAY, today + last * DAY, paper())


def running(**facts):
    return announced_lot(starts_at=timezone.now() - timedelta(minutes=1), **facts)


def authorised(one, agent=None, **days):
    """Return an accepted power of attorney of one of the bidder's agents."""
    authority = actions.hand_in_authority(
        one, by=one.agent, organisation=one.organisation, agent=agent or one.agent, power=power(**days)
    )
    actions.accept_authority(authority, by=person("organiser"))
    return authority


def ended(authority):
    """Let its last day have been yesterday."""
    yesterday = timezone.localdate() - DAY
    AgentAuthority.objects.filter(pk=authority.pk).update(valid_from="2026-01-01", valid_until=yesterday)


def bid(one, by=None, amount=160 * WAN, key="k"):
    return actions.place_bid(one.lot, by=by or one.agent, organisation=one.organisation, amount=amount, key=key)


def test_an_application_by_an_agent_keeps_who_and_from_when_until_when_with_the_paper():
    lot = announced_lot(starts_at=timezone.now() + 2 * DAY)
    firm = organisation()
    agent = member(firm, "bidder")

    registration = actions.apply_for_lot(lot, by=agent, organisation=firm, declared=True, power=power(0, 9))

    authority = registration.authorities.get()
    today = timezone.localdate()
    assert (authority.agent, authority.state) == (agent, "handed_in")
    assert (authority.valid_from, authority.valid_until) == (today, today + 9 * DAY)
    file = files_of(authority).get()
    assert (file.name, file.is_confidential, file.purpose) == ("授权委托书.pdf", True, "power_of_attorney")


def test_admission_waits_for_the_look_at_the_power_of_attorney():
    lot = announced_lot(starts_at=timezone.now() + 2 * DAY)
    firm, organiser = organisation(), person("organiser")
    registration = actions.apply_for_lot(
        lot, by=member(firm, "bidder"), organisation=firm, declared=True, power=power()
    )
    authority = registration.authorities.get()

    with pytest.raises(AuthorityUnchecked):
        actions.admit_bidder(registration, by=organiser, missing=ASKED_ALWAYS)
    actions.refuse_authority(authority, by=organiser, reason="缺法定代表人签字")
    with pytest.raises(AuthorityUnchecked):
        actions.admit_bidder(registration, by=organiser, missing=ASKED_ALWAYS)

    registration.refresh_from_db()
    assert (registration.state, registration.deposit) == ("applied", None)
    authorised(registration)
    actions.admit_bidder(registration, by=organiser, missing=ASKED_ALWAYS)
    assert registration.state == "deposit_due"


@pytest.mark.parametrize(
    ("days", "why"),
    [((-9, -1), "已于"), ((2, 9), "起生效"), (None, "审核"), ("refused", "不符")],
    ids=["over", "not yet", "unchecked", "refused"],
)
def test_an_agent_whose_power_is_not_in_force_hears_why_and_no_bid_counts(days, why):
    one = bidder(running())
    authority = authorised(one)
    if isinstance(days, tuple):
        today = timezone.localdate()
        facts = {"valid_from": today + days[0] * DAY, "valid_until": today + days[1] * DAY}
    elif days is None:
        facts = {"state": "handed_in", "decided_by": None, "decided_at": None}
    else:
        facts = {"state": "refused", "reason": "签字不符"}
    AgentAuthority.objects.filter(pk=authority.pk).update(**facts)

    with pytest.raises(NoAuthority) as refused:
        bid(one)

    assert why in str(refused.value)
    assert not LotEvent.objects.exists()


def test_on_its_first_and_on_its_last_day_the_agent_bids():
    one, other = bidder(lot := running()), bidder(lot)
    authorised(one, first=0, last=5)
    last = authorised(other, first=-5, last=0)

    bid(one)
    bid(other, amount=170 * WAN)

    lot.refresh_from_db()
    assert (lot.price, lot.leader) == (170 * WAN, other)
    assert last.valid_until == timezone.localdate()


def test_a_colleague_bids_by_a_power_of_attorney_of_its_own_only():
    one = bidder(running())
    colleague = member(one.organisation, "bidder")
    with pytest.raises(NoAuthority, match="申请人"):
        bid(one, by=colleague)

    authorised(one, colleague)

    assert bid(one, by=colleague)["accepted"]
    one.lot.refresh_from_db()
    assert one.lot.price == 160 * WAN


def test_who_applied_in_person_goes_on_when_a_colleagues_power_is_over():
    one = bidder(running())
    authority = authorised(one, member(one.organisation, "bidder"))
    AgentAuthority.objects.filter(pk=authority.pk).update(
        valid_until=timezone.localdate() - DAY, valid_from="2026-01-01"
    )

    assert bid(one)["accepted"]


def test_who_applied_by_a_power_that_ended_does_not_go_on_by_a_colleagues():
    one = bidder(running())
    ended(authorised(one))
    authorised(one, member(one.organisation, "bidder"))

    with pytest.raises(NoAuthority):
        bid(one)

    assert not LotEvent.objects.exists()


def test_who_applied_and_has_a_power_in_force_is_found_with_the_bid():
    one, colleague = bidder(running()), bidder(running())
    authorised(one)
    agent = member(colleague.organisation, "bidder")
    authorised(colleague, agent)

    with CaptureQueriesContext(connection) as own:
        bid(one)
    with CaptureQueriesContext(connection) as by_agent:
        bid(colleague, by=agent)

    assert not [each for each in own if "bid_entitlement" in each["sql"]]
    assert len([each for each in by_agent if "bid_entitlement" in each["sql"]]) == 1


def test_a_newer_power_of_attorney_takes_up_where_the_old_one_ended():
    one = bidder(running())
    old = authorised(one)
    ended(old)
    with pytest.raises(NoAuthority):
        bid(one)

    authorised(one)

    assert bid(one)["accepted"]


@pytest.mark.parametrize("entry", ["online", "floor", "sealed"])
def test_the_database_itself_refuses_once_no_power_is_in_force(entry):
    lot = hybrid_lot() if entry == "floor" else running(format="sealed" if entry == "sealed" else "english")
    one = bidder(lot)
    authority = authorised(one)
    AgentAuthority.objects.filter(pk=authority.pk).update(
        valid_from="2026-01-01", valid_until=timezone.localdate() - DAY
    )

    if entry == "sealed":
        answer = actions.decide_sealed_bid(lot, one, key="k", commitment="c" * 64, box=b"\0", arrived_at=timezone.now())
    else:
        answer = actions.decide_bid(lot, one, amount=160 * WAN, key="k", arrived_at=timezone.now(), source=entry)

    assert (answer["accepted"], answer["reason"]) == (False, "no_authority")
    assert not LotEvent.objects.exists()


def test_a_sealed_bid_and_its_withdrawal_need_the_power_too():
    one = bidder(running(format="sealed"))
    bid(one)
    authority = authorised(one)
    actions.refuse_authority(authority, by=person("organiser"), reason="已撤销")

    with pytest.raises(NoAuthority):
        bid(one, amount=170 * WAN, key="b")
    with pytest.raises(NoAuthority):
        actions.withdraw_sealed_bid(one.lot, by=one.agent, organisation=one.organisation, key="c")

    assert list(LotEvent.objects.values_list("kind", flat=True)) == ["opened", "sealed"]


def test_a_program_is_told_by_a_code_of_its_own():
    one = bidder(lot := running())
    headers = bearer(one)
    actions.refuse_authority(authorised(one), by=person("organiser"), reason="已撤销")

    answer = send(lot, 160 * WAN, headers=headers)

    assert told(answer) == (403, "no_authority")
    assert not LotEvent.objects.exists()


def test_the_page_says_it_before_anybody_bids(client):
    one = bidder(lot := running())
    actions.refuse_authority(authorised(one), by=person("organiser"), reason="已撤销")
    sign_in(client, one.agent)

    page = client.get(lot.get_absolute_url())

    assert "授权委托书" in page.context["bid_obstacle"]
    assert 'name="fen"' not in page.content.decode()


def test_what_cannot_hold_is_not_taken_in():
    one = bidder(running())
    stranger = member(organisation(), "bidder")
    hand = {"by": one.agent, "organisation": one.organisation}

    with pytest.raises(AuthorityEndsBeforeItBegins):
        actions.hand_in_authority(one, agent=one.agent, power=power(3, 2), **hand)
    with pytest.raises(AuthorityOver):
        actions.hand_in_authority(one, agent=one.agent, power=power(-3, -1), **hand)
    over = (timezone.localdate(one.lot.ends_at) - timezone.localdate()).days + 1
    with pytest.raises(AuthorityBeginsAfterTheBidding):
        actions.hand_in_authority(one, agent=one.agent, power=power(over, over + 9), **hand)
    for nobody in (stranger, member(one.organisation, "finance")):
        with pytest.raises(NotAnAgent):
            actions.hand_in_authority(one, agent=nobody, power=power(), **hand)
    with pytest.raises(PermissionDenied):
        actions.hand_in_authority(one, by=stranger, organisation=one.organisation, agent=stranger, power=power())
    BidderRegistration.objects.filter(pk=one.pk).update(state="refund_due")
    with pytest.raises(RegistrationOver):
        actions.hand_in_authority(one, agent=one.agent, power=power(), **hand)

    assert not AgentAuthority.objects.exists()
    assert not File.objects.exists()


def test_a_power_that_ends_before_the_bidding_is_refused_beside_its_field(client, applicant):
    lot = announced_lot(starts_at=timezone.now() + 3 * DAY)
    one = bidder(lot, at=timezone.now())
    begins = timezone.localdate(lot.starts_at)
    facts = {"valid_from": timezone.localdate().isoformat(), "power_of_attorney": paper()}

    page = client.post(
        reverse("lot-apply", args=[lot.number]), posted(capacity="agent", **facts, valid_until=begins - DAY)
    )
    with pytest.raises(AuthorityEndsBeforeTheBidding):
        actions.hand_in_authority(one, by=one.agent, organisation=one.organisation, agent=one.agent, power=power(0, 2))
    client.post(
        reverse("lot-apply", args=[lot.number]),
        posted(capacity="agent", **facts | {"power_of_attorney": paper()}, valid_until=begins),
    )

    assert list(page.context["form"].errors) == ["valid_until"]
    assert f"竞价于 {begins} 开始" in page.content.decode()
    assert AgentAuthority.objects.get().valid_until == begins


WARNINGS = {-1: "nobody can bid by it", 0: "ends before the bidding does", 1: "last day of the bidding", 2: ""}


@pytest.mark.parametrize(("days", "words"), WARNINGS.items())
def test_bidder_and_reviewer_read_whether_a_power_lasts_as_long_as_the_bidding(client, days, words):
    lot = announced_lot(starts_at=timezone.now() + 3 * DAY, lasts=DAY)  # ends the day after it begins
    one = bidder(lot, at=timezone.now())
    authority = authorised(one)
    last = timezone.localdate(lot.starts_at) + days * DAY
    AgentAuthority.objects.filter(pk=authority.pk).update(valid_until=last)

    for reader, address in (
        (one.agent, one.get_absolute_url()),
        (person("organiser"), reverse("registration-review", args=[one.code])),
    ):
        sign_in(client, reader)
        page = client.get(address, headers={"accept-language": "en"})
        warning = page.context["powers"][0]["warning"]
        assert warning in page.content.decode()
        assert bool(warning) is bool(words)
        with override("en"):
            assert words in warning_of(last, lot)


def test_a_power_is_not_warned_of_once_it_is_refused_or_the_bidding_is_over(client):
    lot = announced_lot(starts_at=timezone.now() + 3 * DAY)
    one = bidder(lot, at=timezone.now())
    authority = authorised(one, last=3)
    actions.refuse_authority(authority, by=person("organiser"), reason="已撤销")
    sign_in(client, one.agent)

    assert client.get(one.get_absolute_url()).context["powers"][0]["warning"] == ""
    lot.state = "sold"
    assert warning_of(authority.valid_until, lot) == ""
    lot.state = "postponed"
    assert "新的时间" in warning_of(authority.valid_until, lot)


def test_a_power_is_refused_with_a_reason_by_an_organiser_of_another_house():
    one = bidder(running())
    authority = authorised(one)
    for user in (one.agent, person("finance"), person("officer"), person("auditor")):
        with pytest.raises(PermissionDenied):
            actions.refuse_authority(authority, by=user, reason="x")
    with pytest.raises(ReasonMissing):
        actions.refuse_authority(authority, by=person("organiser"), reason=" ")

    authority.refresh_from_db()
    assert authority.state == "accepted"


def test_the_journal_keeps_each_step_and_no_name():
    one = bidder(running())
    authority = authorised(one)
    actions.refuse_authority(authority, by=person("organiser"), reason="已撤销")

    entries = Entry.objects.filter(kind__startswith="authority.").order_by("pk")

    assert [entry.kind for entry in entries] == ["authority.handed_in", "authority.accepted", "authority.refused"]
    assert {tuple(entry.data) for entry in entries} == {("authority",)}


def posted(**facts):
    return {"capacity": "representative", "version": VERSION, "declared": "on"} | facts


@pytest.fixture
def applicant(client):
    agent = member(organisation(), "bidder")
    sign_in(client, agent)
    return agent


@pytest.fixture
def coming():
    return announced_lot(starts_at=timezone.now() + 2 * DAY)


def test_the_form_keeps_each_document_under_its_kind(client, applicant, coming):
    days = {"valid_from": timezone.localdate().isoformat(), "valid_until": (timezone.localdate() + 9 * DAY).isoformat()}
    uploads = {
        "business_licence": paper("营业执照.pdf"),
        "identity": [paper("法人身份证.pdf"), paper("经办人身份证.pdf")],
        "industry_licence": paper("许可证.pdf"),
        "documents": paper("其他.pdf"),
        "power_of_attorney": paper(),
    }

    client.post(reverse("lot-apply", args=[coming.number]), posted(capacity="agent") | days | uploads)

    registration = coming.registrations.get()
    kept = sorted(files_of(registration).values_list("purpose", "name"))
    assert kept == sorted(
        [
            (Document.LICENCE, "营业执照.pdf"),
            (Document.IDENTITY, "法人身份证.pdf"),
            (Document.IDENTITY, "经办人身份证.pdf"),
            (Document.INDUSTRY, "许可证.pdf"),
            (Document.OTHER, "其他.pdf"),
        ]
    )
    assert registration.authorities.get().agent == applicant


def test_an_agent_who_hands_in_no_power_is_asked_for_each_part(client, applicant, coming):
    page = client.post(reverse("lot-apply", args=[coming.number]), posted(capacity="agent"))

    assert page.context["form"].errors == {
        "valid_from": ["请填写授权委托书的起始日期。"],
        "valid_until": ["请填写授权委托书的截止日期。"],
        "power_of_attorney": ["请上传代理人的授权委托书。"],
    }
    assert not coming.registrations.exists()


def test_the_organiser_sees_what_is_missing_and_decides_on_the_power(client, coming):
    firm = organisation()
    agent = member(firm, "bidder")
    registration = actions.apply_for_lot(
        coming,
        by=agent,
        organisation=firm,
        declared=True,
        documents=[(Document.LICENCE, paper("营业执照.pdf"))],
        power=power(),
    )
    authority = registration.authorities.get()
    sign_in(client, person("organiser"))
    address = reverse("registration-review", args=[registration.code])

    page = client.get(address)
    empty = client.post(reverse("authority-move", args=[authority.code, "refuse"]), {"reason": ""})
    client.post(reverse("authority-move", args=[authority.code, "accept"]))

    words = page.content.decode()
    assert [len(each["files"]) for each in page.context["files"]] == [1, 0]
    assert "营业执照.pdf" in words
    assert "未提交" in words
    assert "授权委托书.pdf" in words
    assert empty.context["powers"][0]["form"].errors
    authority.refresh_from_db()
    assert authority.state == "accepted"


def test_once_the_application_is_rejected_its_power_is_not_decided_on(client, coming):
    firm, organiser = organisation(), person("organiser")
    facts = {"by": member(firm, "bidder"), "organisation": firm, "declared": True, "power": power()}
    registration = actions.apply_for_lot(coming, **facts)
    authority = registration.authorities.get()
    address = reverse("registration-review", args=[registration.code])
    sign_in(client, organiser)

    asked = client.get(address).content.decode()
    actions.reject_bidder(registration, by=organiser, reason="材料不实")
    page = client.get(address).content.decode()
    with pytest.raises(RegistrationOver):
        actions.accept_authority(authority, by=organiser)

    assert 'data-dialog="reject-bidder"' in asked
    on_page, _tag, in_question = asked.partition('<dialog id="reject-bidder"')
    assert "报名就此结束" in in_question
    assert "报名就此结束" in on_page  # for who has no script
    assert reverse("authority-move", args=[authority.code, "accept"]) in asked
    assert "authority" not in page
    assert '<span class="pill" data-tone="idle">未审核</span>' in page
    assert AgentAuthority.objects.get(pk=authority.pk).state == "handed_in"


def test_the_bidder_hands_in_a_later_power_on_the_page_of_its_registration(client):
    one = bidder(running())
    colleague = member(one.organisation, "bidder")
    sign_in(client, one.agent)
    today = timezone.localdate()
    facts = {"agent": colleague.username, "valid_from": today.isoformat(), "valid_until": (today + DAY).isoformat()}
    address = reverse("registration-authorise", args=[one.code])

    missing = client.post(address, facts)
    done = client.post(address, facts | {"power_of_attorney": paper()}, follow=True)

    assert set(missing.context["authority_form"].errors) == {"power_of_attorney"}
    assert done.status_code == 200
    authority = one.authorities.get()
    assert (authority.agent, authority.state) == (colleague, "handed_in")


def test_strangers_reach_neither_the_paper_nor_the_verbs(client):
    one = bidder(running())
    authority = authorised(one)
    file = files_of(authority).get()
    for reader in (member(organisation(), "bidder"), member(one.lot.outcome.owner, "publisher"), person("finance")):
        sign_in(client, reader)

        assert client.get(reverse("file-download", args=[file.code])).status_code == 404
        assert (
            client.post(reverse("authority-move", args=[authority.code, "refuse"]), {"reason": "x"}).status_code == 404
        )

    authority.refresh_from_db()
    assert authority.state == "accepted"


def test_version_person_and_time_of_the_declaration_stand_on_the_registration(client, coming, applicant):
    client.post(reverse("lot-apply", args=[coming.number]), posted())

    registration = coming.registrations.get()
    page = client.get(registration.get_absolute_url()).content.decode()
    assert (registration.declaration_version, registration.declared_by) == (VERSION, applicant)
    assert registration.declared_at == registration.applied_at
    assert all(clause in page for clause in words_of(VERSION))


def test_nobody_declares_words_that_were_replaced_while_the_form_was_open(client, coming, applicant):
    page = client.post(reverse("lot-apply", args=[coming.number]), posted(version="2023-1"))

    assert set(page.context["form"].errors) == {"declared"}
    assert f'value="{VERSION}"' in page.content.decode()
    assert not coming.registrations.exists()
    firm = organisation()
    facts = {"by": member(firm, "bidder"), "organisation": firm}
    with pytest.raises(DeclarationOutdated):
        actions.apply_for_lot(coming, declared=True, version="2023-1", **facts)
    with pytest.raises(DeclarationMissing):
        actions.apply_for_lot(coming, declared=False, **facts)


def test_who_declared_an_earlier_version_bids_without_being_asked_again():
    one = bidder(running())
    BidderRegistration.objects.filter(pk=one.pk).update(declaration_version="2023-1")

    assert bid(one)["accepted"]
    assert "2023-1" in TEXTS


@pytest.mark.parametrize("role", ["finance", "publisher"])
def test_who_may_not_hand_one_in_gets_no_form_for_it(role, client):
    one = bidder(announced_lot(starts_at=timezone.now() + 2 * DAY))
    address = reverse("registration-authorise", args=[one.code])
    sign_in(client, member(one.organisation, role))

    page = client.get(one.get_absolute_url())
    answer = client.post(address, {})

    assert (page.status_code, answer.status_code) == (200, 403)
    assert page.context["authority_form"] is None
    assert address not in page.content.decode()


@pytest.mark.parametrize("verb", ["hand_in_authority", "accept_authority", "refuse_authority"])
def test_each_verb_asks_the_rule_of_its_own_name(verb):
    written = inspect.getsource(getattr(actions, verb))

    assert set(re.findall(r"rules_of_bidders\.(\w+)", written)) == {verb}
