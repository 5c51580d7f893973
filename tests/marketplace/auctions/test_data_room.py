"""The data room of a lot: what goes in, who reads when, what is recorded, and who learns it when."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from marketplace.auctions import actions
from marketplace.auctions.amending import announcement_problems
from marketplace.auctions.data_room import TERMS, veiled_entries
from marketplace.auctions.models import AuctionSession, Lot, RoomAcceptance, RoomDocument
from marketplace.auctions.reasons import ReasonMissing
from marketplace.auctions.room_keeping import (
    BiddingRuns,
    DocumentWithdrawn,
    OtherTerms,
    RoomClosed,
    RoomFull,
    TermsAccepted,
    TermsFirst,
    TitleMissing,
)
from marketplace.auctions.viewing import RoomNeedsDays, RoomTooShort
from marketplace.core import clock, journal
from marketplace.core.files import EmptyFile, TooLarge, UnwantedType
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import (
    announced_lot,
    as_if_added,
    drafted,
    member,
    organisation,
    paper,
    person,
    planned,
)

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def private_root(tmp_path_factory):
    return tmp_path_factory.mktemp("private")


@pytest.fixture(autouse=True)
def private(settings, private_root):
    settings.PRIVATE_ROOT = private_root


def days(first, last):
    today = timezone.localdate()
    return {"viewing_from": today + first * DAY, "viewing_until": today + last * DAY, "viewing_place": "平台资料室"}


def room(first=-1, last=3, **facts):
    """Return an announced lot that begins in five days, with one document; its room is open from `first` to `last`."""
    lot = announced_lot(starts_at=timezone.now() + 5 * DAY, **days(first, last), **facts)
    actions.add_room_document(lot, by=person("organiser"), title="检测报告", file=paper())
    return again(lot)


def again(lot):
    return Lot.objects.select_related("session", "outcome__owner").get(pk=lot.pk)


@pytest.fixture(scope="module")
def lasting_lot(lasting, private_root):
    with override_settings(PRIVATE_ROOT=private_root):
        return room()


@pytest.fixture
def lot(lasting_lot, for_now):
    """Return an announced lot whose room is open, with one document."""
    return again(lasting_lot)


def reader(lot, *, role="bidder"):
    """Return a member of an organisation that accepted the words."""
    firm = organisation()
    actions.accept_room_terms(lot, by=member(firm, "bidder"), organisation=firm, version=TERMS)
    return member(firm, role), firm


def kinds(lot):
    logged = Entry.objects.about(lot).filter(kind__startswith="room.").order_by("pk")
    return [entry.kind for entry in logged]


@pytest.mark.parametrize("role", ["bidder", "finance", "manager"])
def test_every_member_of_an_organisation_that_accepted_reads_on_the_days(role, lot):
    user, firm = reader(lot, role=role)

    [document] = actions.enter_room(lot, by=user, organisation=firm)
    actions.open_room_document(document, by=user, organisation=firm)

    assert kinds(lot) == ["room.document_added", "room.accepted", "room.listed", "room.file_read"]
    entry = Entry.objects.about(lot).get(kind=Kind.ROOM_FILE_READ)
    assert (entry.actor, entry.on_behalf_of) == (user, firm)
    assert entry.data == {"document": document.code, "sha256": document.file.sha256}


def test_nobody_reads_before_the_words_are_accepted(lot):
    firm = organisation()
    user = member(firm, "bidder")

    with pytest.raises(TermsFirst):
        actions.enter_room(lot, by=user, organisation=firm)
    with pytest.raises(TermsFirst):
        actions.open_room_document(lot.room_documents.get(), by=user, organisation=firm)

    assert kinds(lot) == ["room.document_added"]


@pytest.mark.django_db
@pytest.mark.parametrize(("first", "last", "said"), [(1, 3, "开放"), (-4, -1, "关闭")])
def test_too_early_and_too_late_with_the_days(first, last, said):
    lot = room(first, last)
    user, firm = reader(lot)

    with pytest.raises(RoomClosed) as refusal:
        actions.enter_room(lot, by=user, organisation=firm)

    assert said in str(refusal.value)
    assert str(timezone.localdate() + (first if first > 0 else last) * DAY) in str(refusal.value)


@pytest.mark.django_db
def test_the_room_opens_and_closes_at_midnight_here():
    lot = room(1, 2)
    user, firm = reader(lot)
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)

    for at, is_open in ((DAY - timedelta(seconds=1), False), (DAY, True), (3 * DAY - timedelta(seconds=1), True)):
        with clock.moved_to(midnight + at):
            if is_open:
                assert len(actions.enter_room(lot, by=user, organisation=firm)) == 1
            else:
                with pytest.raises(RoomClosed):
                    actions.enter_room(lot, by=user, organisation=firm)
    with clock.moved_to(midnight + 3 * DAY), pytest.raises(RoomClosed):
        actions.enter_room(lot, by=user, organisation=firm)


@pytest.mark.django_db
def test_seller_organiser_and_supervisors_read_on_any_day_and_are_recorded():
    lot = room(1, 3)
    seller = member(lot.outcome.owner, "publisher")

    for user in (seller, person("organiser"), person("officer"), person("auditor")):
        actions.enter_room(lot, by=user, organisation=None)

    parties = list(Entry.objects.about(lot).filter(kind=Kind.ROOM_LISTED).values_list("on_behalf_of", flat=True))
    assert sorted(parties, key=str) == sorted([lot.outcome.owner_id, None, None, None], key=str)


@pytest.mark.parametrize("role", ["finance", "auctioneer"])
def test_other_staff_do_not_read(role, lot):
    with pytest.raises(PermissionDenied):
        actions.enter_room(lot, by=person(role), organisation=None)

    assert kinds(lot) == ["room.document_added"]


def test_an_organisation_that_is_not_verified_neither_accepts_nor_reads(lot):
    user, firm = reader(lot)
    firm.state = "suspended"
    firm.save(update_fields=["state"])

    with pytest.raises(PermissionDenied):
        actions.enter_room(lot, by=user, organisation=firm)
    other = organisation(state="pending")
    with pytest.raises(PermissionDenied):
        actions.accept_room_terms(lot, by=member(other, "bidder"), organisation=other, version=TERMS)

    assert Kind.ROOM_LISTED not in kinds(lot)


def test_the_words_are_accepted_once_in_the_version_shown_and_stay(lot):
    firm = organisation()
    user = member(firm, "bidder")

    with pytest.raises(OtherTerms):
        actions.accept_room_terms(lot, by=user, organisation=firm, version="2019-1")
    with pytest.raises(PermissionDenied):
        actions.accept_room_terms(lot, by=member(firm, "finance"), organisation=firm, version=TERMS)
    accepted = actions.accept_room_terms(lot, by=user, organisation=firm, version=TERMS)
    with pytest.raises(TermsAccepted):
        actions.accept_room_terms(lot, by=user, organisation=firm, version=TERMS)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoomAcceptance.objects.filter(pk=accepted.pk).update(version="x")

    kept = RoomAcceptance.objects.get()
    assert (kept.version, kept.accepted_by, kept.organisation) == (TERMS, user, firm)


def test_an_acceptance_opens_one_room_only(lot):
    other = room()
    user, firm = reader(lot)

    with pytest.raises(TermsFirst):
        actions.enter_room(other, by=user, organisation=firm)

    assert kinds(other) == ["room.document_added"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("upload", "refusal"),
    [
        (SimpleUploadedFile("报告.pdf", b"MZ\x90\x00" + b"0" * 300, "application/pdf"), UnwantedType),
        (SimpleUploadedFile("报告.pdf", b"", "application/pdf"), EmptyFile),
        (SimpleUploadedFile("报告.pdf", b"%PDF-1.4" + b"0" * (21 * 1024 * 1024), "application/pdf"), TooLarge),
    ],
)
def test_what_is_no_document_is_refused_by_its_content(upload, refusal):
    lot = announced_lot(starts_at=timezone.now() + 5 * DAY, **days(1, 3))

    with pytest.raises(refusal):
        actions.add_room_document(lot, by=person("organiser"), title="报告", file=upload)

    assert not RoomDocument.objects.exists()


def test_a_document_needs_a_title_and_a_place(monkeypatch, lot):
    monkeypatch.setattr("marketplace.auctions.room_keeping.MOST", 1)

    with pytest.raises(TitleMissing):
        actions.add_room_document(lot, by=person("organiser"), title=" \x00", file=paper())
    with pytest.raises(RoomFull):
        actions.add_room_document(lot, by=person("organiser"), title="第二份", file=paper())

    assert lot.room_documents.count() == 1


def test_a_withdrawn_document_stays_and_is_not_opened(lot):
    user, firm = reader(lot)
    document = lot.room_documents.get()

    with pytest.raises(ReasonMissing):
        actions.withdraw_room_document(document, by=person("organiser"), reason=" ")
    actions.withdraw_room_document(document, by=person("organiser"), reason="版本有误")
    with pytest.raises(WrongState):
        actions.withdraw_room_document(document, by=person("organiser"), reason="再次")
    with pytest.raises(DocumentWithdrawn) as refusal:
        actions.open_room_document(document, by=user, organisation=firm)

    assert "版本有误" in str(refusal.value)
    assert [each.pk for each in actions.enter_room(lot, by=user, organisation=firm)] == [document.pk]
    assert document.file.content.storage.exists(document.file.content.name)


@pytest.mark.django_db
def test_the_room_stays_as_it_is_once_bidding_begins():
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    document = as_if_added(lot, by=person("organiser"))

    with pytest.raises(BiddingRuns):
        actions.add_room_document(lot, by=person("organiser"), title="新", file=paper())
    with pytest.raises(BiddingRuns):
        actions.withdraw_room_document(document, by=person("organiser"), reason="原因")

    assert lot.room_documents.standing().count() == 1


@pytest.mark.django_db
def test_an_announcement_names_the_room_and_needs_its_days():
    session = planned()
    lot = drafted(session)
    seller = member(lot.outcome.owner, "publisher")
    actions.submit_lot(lot, by=seller, organisation=lot.outcome.owner)
    actions.approve_lot(lot, by=person("organiser"))
    actions.add_room_document(lot, by=seller, title="检测报告", file=paper())
    begins = timezone.localdate(session.starts_at)

    def announce(first, last):
        AuctionSession.objects.filter(pk=session.pk).update(viewing_from=first, viewing_until=last)
        actions.announce_session(AuctionSession.objects.get(pk=session.pk), by=person("organiser"))

    with pytest.raises(RoomNeedsDays):
        announce(None, None)
    with pytest.raises(RoomTooShort):
        announce(begins - DAY, begins)
    announce(begins - 2 * DAY, begins)

    session.refresh_from_db()
    assert session.announcement["lots"][0]["data_room"] == 1
    assert announcement_problems(session) == []


@pytest.mark.django_db
def test_the_least_days_are_a_setting(settings):
    settings.AUCTION_VIEWING_DAYS = 5
    lot = room(1, 5)

    with pytest.raises(RoomTooShort):
        actions.amend_announcement(lot.session, by=person("organiser"), summary="缩短", reason="原因", **days(1, 4))

    assert lot.session.amendments.count() == 0


def page(client, user, name, *args):
    if user is not None:
        sign_in(client, user)
    return client.get(reverse(name, args=args))


@pytest.mark.django_db
def test_the_lots_page_says_what_there_is_and_how_one_gets_in(client):
    lot = room(1, 3)

    said = page(client, None, "lot-detail", lot.number).content.decode()

    assert "资料室" in said
    assert f"{timezone.localdate() + DAY:%Y-%m-%d}" in said or f"{(timezone.localdate() + DAY).day}日" in said
    assert reverse("lot-room", args=[lot.number]) in said


def test_a_visitor_sees_the_state_and_no_title(client, lot):
    said = page(client, None, "lot-room", lot.number).content.decode()

    assert "检测报告" not in said
    assert reverse("account_login") in said
    assert kinds(lot) == ["room.document_added"]


def test_accept_list_open(client, lot):
    firm = organisation()
    user = member(firm, "bidder")
    sign_in(client, user)
    document = lot.room_documents.get()

    before = client.get(reverse("lot-room", args=[lot.number])).content.decode()
    refused = client.post(reverse("room-accept", args=[lot.number]), {"version": TERMS})
    accepted = client.post(reverse("room-accept", args=[lot.number]), {"version": TERMS, "accepted": "on"})
    after = client.get(reverse("lot-room", args=[lot.number])).content.decode()
    sent = client.get(document.get_absolute_url())

    assert "检测报告" not in before
    assert "aria-invalid" in refused.content.decode()
    assert (accepted.status_code, "检测报告" in after) == (302, True)
    assert b"".join(sent.streaming_content).startswith(b"%PDF")
    assert sent["Cache-Control"] == "private, no-store"
    assert kinds(lot)[-2:] == ["room.listed", "room.file_read"]


def test_the_common_door_of_files_does_not_open_it(client, lot):
    sign_in(client, person("officer"))

    answer = client.get(reverse("file-download", args=[lot.room_documents.get().file.code]))

    assert answer.status_code == 404


def test_a_stranger_at_the_file_is_led_back_with_the_reason(client, lot):
    firm = organisation()
    sign_in(client, member(firm, "bidder"))
    document = lot.room_documents.get()

    led = client.get(document.get_absolute_url(), follow=True)

    assert led.redirect_chain[-1][0] == reverse("lot-room", args=[lot.number])
    assert "保密" in led.content.decode()
    assert Kind.ROOM_FILE_READ not in kinds(lot)


def test_seller_puts_in_and_withdraws_on_the_page(client, lot):
    sign_in(client, member(lot.outcome.owner, "publisher"))
    address = reverse("room-manage", args=[lot.number])
    document = lot.room_documents.get()

    wrong = client.post(address, {"title": "报告", "file": SimpleUploadedFile("a.pdf", b"MZ" + b"0" * 99)})
    added = client.post(address, {"title": "许可协议", "file": paper("协议.pdf")})
    bare = client.post(reverse("room-withdraw", args=[lot.number, document.code]), {"reason": ""})
    gone = client.post(reverse("room-withdraw", args=[lot.number, document.code]), {"reason": "版本有误"})
    said = client.get(address).content.decode()

    assert 'aria-invalid="true"' in wrong.content.decode()
    assert 'aria-invalid="true"' in bare.content.decode()
    assert (added.status_code, gone.status_code) == (302, 302)
    assert "许可协议" in said
    assert "版本有误" in said


def test_the_log_counts_before_the_result_and_names_nobody(client, lot):
    user, firm = reader(lot)
    document = lot.room_documents.get()
    for _time in range(2):
        actions.open_room_document(document, by=user, organisation=firm)
    actions.open_room_document(document, by=person("officer"), organisation=None)

    for who in (member(lot.outcome.owner, "publisher"), person("organiser")):
        said = page(client, who, "room-log", lot.number).content.decode()
        assert firm.name not in said
        assert user.name not in said
        assert said.count('<td class="num"') == 2
        assert ">2<" in said
        assert client.get(reverse("room-log-table", args=[lot.number, "csv"])).status_code == 404
    assert Kind.ROOM_LOG_READ not in kinds(lot)


@pytest.mark.django_db
def test_of_sealed_bids_not_even_counts(client):
    lot = room(format="sealed")
    user, firm = reader(lot)
    actions.open_room_document(lot.room_documents.get(), by=user, organisation=firm)

    said = page(client, person("organiser"), "room-log", lot.number).content.decode()

    assert '<td class="num"' not in said


def test_after_the_result_the_log_names_whom_it_let_in(client, lot):
    user, firm = reader(lot)
    actions.enter_room(lot, by=user, organisation=firm)
    actions.open_room_document(lot.room_documents.get(), by=user, organisation=firm)
    closed(lot)

    said = page(client, person("organiser"), "room-log", lot.number).content.decode()
    table = client.get(reverse("room-log-table", args=[lot.number, "xlsx"]) + "?sort=time")

    assert firm.name in said
    assert user.name in said
    rows = list(load_workbook(io.BytesIO(table.content)).active.values)
    assert [row[1:3] for row in rows[1:]] == [(firm.name, user.name)] * 2
    assert rows[2][3] == "检测报告"
    assert kinds(lot)[-2:] == ["room.log_read", "room.log_read"]


def closed(lot):
    with clock.moved_to(lot.ends_at + timedelta(seconds=1)):
        actions.close_lot(Lot.objects.get(pk=lot.pk))


def test_the_log_is_sorted(client, lot):
    for name in ("乙企业", "甲企业"):
        firm = organisation(name=name)
        user = member(firm, "bidder")
        actions.accept_room_terms(lot, by=user, organisation=firm, version=TERMS)
        actions.enter_room(lot, by=user, organisation=firm)
    closed(lot)
    sign_in(client, person("organiser"))
    address = reverse("room-log", args=[lot.number])

    up, down = (client.get(f"{address}?sort={sort}").content.decode() for sort in ("organisation", "-organisation"))

    assert (up.index("乙企业") < up.index("甲企业")) != (down.index("乙企业") < down.index("甲企业"))


def test_a_long_log_costs_no_more_queries(client, django_assert_num_queries, lot):
    document = lot.room_documents.get()
    readers = [reader(lot) for _place in range(12)]
    actions.open_room_document(document, by=readers[0][0], organisation=readers[0][1])
    closed(lot)
    sign_in(client, person("organiser"))
    address = reverse("room-log", args=[lot.number])
    client.get(address)
    with CaptureQueriesContext(connection) as short:
        client.get(address)
    for user, firm in readers[1:]:
        journal.record(Kind.ROOM_FILE_READ, lot, by=user, on_behalf_of=firm, document=document.code)

    with django_assert_num_queries(len(short)):
        said = client.get(address).content.decode()

    assert said.count('scope="row"') == 12


def test_strangers_do_not_learn_of_the_log(client, lot):
    firm = organisation()

    answer = page(client, member(firm, "bidder"), "room-log", lot.number)

    assert answer.status_code == 403


def test_the_journal_hides_readers_until_the_result(lot):
    user, firm = reader(lot)
    actions.enter_room(lot, by=user, organisation=firm)

    before = sorted(veiled_entries().values_list("kind", flat=True))
    closed(lot)

    assert before == ["room.accepted", "room.listed"]
    assert not veiled_entries().exists()


@pytest.mark.django_db
def test_an_empty_room_says_so(client):
    lot = announced_lot(starts_at=timezone.now() + 5 * DAY, **days(1, 3))

    visitor = page(client, None, "lot-room", lot.number).content.decode()
    kept = page(client, person("organiser"), "room-manage", lot.number).content.decode()

    assert "资料室中没有文件" in visitor
    assert "资料室是空的" in kept
    assert kinds(lot) == []


def test_a_closed_lot_closes_its_room(lot):
    user, firm = reader(lot)
    closed(lot)

    with pytest.raises(RoomClosed):
        actions.enter_room(Lot.objects.get(pk=lot.pk), by=user, organisation=firm)


def test_the_page_of_a_lot_that_is_over_shows_its_readers_no_way_in(client, lot):
    room_address = reverse("lot-room", args=[lot.number])
    user, _firm = reader(lot)
    over = "本拍品的出让已经结束，资料室已关闭"
    closed(lot)

    for reading, leads_in in ((None, False), (user, False), (person("organiser"), True)):
        said = page(client, reading, "lot-detail", lot.number).content.decode()
        assert (room_address in said, over in said) == (leads_in, not leads_in)
