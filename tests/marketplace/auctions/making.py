"""Rows and finished situations for the tests of auctions.

What nearly every test begins with, an announced lot and a qualified bidder, is written as the actions leave it
(`as_left.py`), in a quarter of their time; all else is made by the real actions wherever there is one.
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone

from marketplace.auctions.actions import (
    add_lot,
    admit_bidder,
    announce_session,
    apply_for_lot,
    approve_lot,
    plan_session,
    qualify_bidder,
    record_deposit,
    submit_lot,
)
from marketplace.auctions.documents import ASKED_ALWAYS
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import AuctionSession, BidderRegistration, Lot, PriorityHolder, RoomDocument
from marketplace.core import clock
from marketplace.core.files import keep
from marketplace.organisations.models import Organisation, Role, User
from marketplace.organisations.roles import MemberRole
from marketplace.outcomes.models import ResearchOutcome
from tests.factories import people
from tests.marketplace.auctions import as_left

SCOPE = {"territory": "浙江省", "term": "三年", "field_of_use": "汽车零部件"}
# facts of a session that no rule looks at: with any other, or with an outcome of a test, the actions make the lot
PLAIN = {"deposit_scope", "deposit_percent", "extension_window", "most_extensions", "sells_to_single_bidder", "venue"}
count = itertools.count(1)


@contextmanager
def undone() -> Iterator[None]:
    """Take back what is written inside: the next example of a test begins with the same rows."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def person(*roles: str) -> User:
    """Return a person with these platform roles."""
    return people.staff(*map(Role, roles)) if roles else people.person()


def organisation(kind: str = "enterprise", **facts: Any) -> Organisation:
    """Return a verified organisation."""
    return people.organisation(kind=kind, **facts)


def member(of: Organisation, *roles: str) -> User:
    """Return a person who holds these roles in an organisation."""
    return people.member(of, *map(MemberRole, roles))


def outcome(owner: Organisation | None = None, **facts: Any) -> ResearchOutcome:
    """Return a published, available outcome."""
    owner = owner or organisation("institute")
    facts = {"title": "等速万向节感应热处理系统", "live": True, "expires_on": timezone.localdate()} | facts
    return ResearchOutcome.objects.create(
        number=f"CG-{next(count):05d}", owner=owner, drafted_by=person(), drafted_at=timezone.now(), **facts
    )


def announced_lot(
    *,
    starts_at: datetime | None = None,
    lasts: timedelta = timedelta(hours=1),
    start_price: int = 160 * WAN,
    reserve: int | None = None,
    mode: str = "assignment",
    format: str = "english",
    of: ResearchOutcome | None = None,
    object_parts: dict[str, str] | None = None,
    **session_facts: Any,
) -> Lot:
    """Return a lot (`of` an outcome, else of a new one) that was announced eight days before it starts."""
    starts_at = starts_at or timezone.now()
    organiser, seller = person("organiser"), of.owner if of else organisation("institute")
    publisher = member(seller, "publisher")
    facts = {
        "mode": mode,
        "format": format,
        "object_of_sale": "发明专利转让",
        "object_parts": object_parts if object_parts is not None else {} if mode == "assignment" else SCOPE,
        "start_price": start_price,
        "starts_at": starts_at,
        "ends_at": starts_at + lasts,
    }
    is_plain = of is None and session_facts.keys() <= PLAIN
    announce = as_left.announced if is_plain else announced_by_actions
    with clock.moved_to(starts_at - timedelta(days=8)):
        host = organisation("government")
        lot = announce(
            of or outcome(seller),
            by=organiser,
            publisher=publisher,
            host=host,
            reserve=reserve,
            session_facts=session_facts,
            **facts,
        )
    return Lot.objects.get(pk=lot.pk)


def announced_by_actions(
    sold: ResearchOutcome,
    *,
    by: User,
    publisher: User,
    host: Organisation,
    reserve: int | None,
    session_facts: dict[str, Any],
    **facts: Any,
) -> Lot:
    """Plan a session, bring its one lot through the review and announce it, all at this instant."""
    times = {"starts_at": facts["starts_at"], "registration_closes_at": facts["starts_at"]}
    session = plan_session(by=by, organiser=host, title="样例专场", **times, **session_facts)
    lot = add_lot(session, by=by, outcome=sold, **facts)
    submit_lot(lot, by=publisher, organisation=sold.owner, reserve=reserve)
    approve_lot(lot, by=by)
    session.refresh_from_db()
    announce_session(session, by=by)
    return lot


def second_lot(lot: Lot, **facts: Any) -> Lot:
    """Return another announced lot of the same session; the announcement of two lots is made short here."""
    beside = outcome(lot.outcome.owner)
    beside.state = "reserved"
    beside.save(update_fields=["state"])
    fields = {field.name: getattr(lot, field.name) for field in Lot._meta.fields if field.name not in ("id", "outcome")}
    return Lot.objects.create(**fields | {"outcome": beside, "number": f"{lot.number}-2", "position": 2} | facts)


def hybrid_lot(**facts: Any) -> Lot:
    """Return an announced lot with a floor that began a minute ago; its facts as of announced_lot."""
    return announced_lot(**{"starts_at": timezone.now() - timedelta(minutes=1), "format": "hybrid"} | facts)


def planned(**facts: Any) -> AuctionSession:
    """Return a session planned for in twenty days."""
    starts_at = timezone.now() + timedelta(days=20)
    facts = {"title": "秋季专场", "starts_at": starts_at, "registration_closes_at": starts_at} | facts
    return plan_session(by=person("organiser"), organiser=organisation("government"), **facts)


def drafted(session: AuctionSession) -> Lot:
    """Return a drafted lot of a session that takes lots."""
    return add_lot(
        session,
        by=person("organiser"),
        outcome=outcome(),
        mode="assignment",
        object_of_sale="发明专利转让",
        start_price=100 * WAN,
        starts_at=session.starts_at,
        ends_at=session.starts_at + timedelta(hours=1),
    )


def bidder(lot: Lot, *, rank: int | None = None, at: datetime | None = None) -> BidderRegistration:
    """Return a qualified registration with its deposit held, made the day before the lot starts."""
    firm = organisation()
    agent, organiser, finance = member(firm, "bidder"), person("organiser"), person("finance")
    at = at or lot.starts_at - timedelta(days=1)
    if rank is not None:
        as_if_listed(lot, firm, rank=rank, by=organiser)
    lot.refresh_from_db()
    is_plain = not lot.is_practice and lot.session.deposit_scope == AuctionSession.DepositScope.LOT
    who = {"agent": agent, "by": organiser, "finance": finance}
    with clock.moved_to(at):
        if is_plain:
            return as_left.qualified(lot, firm, rank=rank, **who)
        registration = qualified_by_actions(lot, firm, **who)
    return BidderRegistration.objects.select_related("lot", "organisation", "agent", "deposit").get(pk=registration.pk)


def qualified_by_actions(lot: Lot, firm: Organisation, *, agent: User, by: User, finance: User) -> BidderRegistration:
    """Apply for a firm, admit it, record its deposit and give it its number, all at this instant."""
    registration = apply_for_lot(lot, by=agent, organisation=firm, declared=True)
    admit_bidder(registration, by=by, missing=ASKED_ALWAYS)
    record_deposit(
        registration.deposit,
        by=finance,
        amount=lot.deposit,
        bank_reference=f"BANK-{registration.deposit.reference}",
        received_at=clock.now(),
    )
    registration.refresh_from_db()
    qualify_bidder(registration, by=by)
    return registration


def as_if_listed(lot: Lot, firm: Organisation, *, rank: int, by: User) -> PriorityHolder:
    """Let an organisation stand on the list of a lot that is announced already, as if it had been invited before."""
    return PriorityHolder.objects.create(
        lot=lot,
        organisation=firm,
        uscc=firm.uscc,
        ground="co_owner",
        rank=rank,
        listed_by=by,
        listed_at=timezone.now(),
        channel="hand",
        invited_on=timezone.localdate(),
        invited_by=by,
    )


def paper(name: str = "检测报告.pdf") -> SimpleUploadedFile:
    """Return an upload that is a PDF by its content."""
    return SimpleUploadedFile(name, b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", "application/pdf")


def as_if_added(lot: Lot, *, by: User, title: str = "检测报告") -> RoomDocument:
    """Let a document stand in the data room of a lot whose bidding may have begun, as if it had been added before."""
    kept = keep(paper(), subject=lot, by=by, purpose="data_room", confidential=True)
    return RoomDocument.objects.create(lot=lot, title=title, file=kept, added_by=by, added_at=timezone.now())


def end_now(lot: Lot, *, ago: timedelta = timedelta(seconds=1)) -> None:
    """Let the end of a lot have passed `ago` (tests cannot wait an hour)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE marketplace_lot SET ends_at = clock_timestamp() - %s::interval WHERE id = %s", [ago, lot.pk]
        )
    lot.refresh_from_db()


__all__ = [
    "SCOPE",
    "AuctionSession",
    "announced_lot",
    "as_if_added",
    "as_if_listed",
    "bidder",
    "drafted",
    "end_now",
    "hybrid_lot",
    "member",
    "organisation",
    "outcome",
    "paper",
    "person",
    "planned",
    "second_lot",
    "undone",
]
