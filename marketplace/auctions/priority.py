"""Priority rights before the announcement: list their holders, invite them with proof, strike a wrong entry."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules
from marketplace.auctions.models import Lot, PriorityHolder
from marketplace.auctions.reasons import require_reason
from marketplace.core import clock, files, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User

PROOF = "invitation"


class ListClosed(Refused):
    message = _("The announcement has said how many holders of priority rights there are; the list is closed.")


class HolderMissing(Refused):
    message = _("Choose an organisation, or name the holder.")
    field = "name"


class HolderIsTheSeller(Refused):
    message = _("The seller holds no priority right to its own lot.")
    field = "organisation"


class ListedAlready(Refused):
    message = _("This holder is on the list already.")
    field = "organisation"


class ToldInTheFuture(Refused):
    message = _("Enter an invitation once it was made.")
    field = "invited_on"


class ToldOfOtherTerms(Refused):
    message = _("The terms or the times of the lot changed on %(day)s. Enter when the holder was told of the new ones.")
    field = "invited_on"


class NoteMissing(Refused):
    message = _("Say why the holder could not be reached and where the notice was published.")
    field = "note"


class HolderStruck(Refused):
    message = _("This entry was struck from the list.")


class HolderNotInvited(Refused):
    message = _("%(lot)s: %(n)s of the holders of priority rights is not invited yet. Invite it, then announce.")


class InvitationTooLate(Refused):
    message = _(
        "%(lot)s: after the invitation of a holder of a priority right the announcement may stand from %(day)s."
    )


def _hold(lot: Lot) -> datetime:
    """Hold the session, then the lot: no announcement counts the holders meanwhile; return the time."""
    lot.session.lock()
    lot.lock()
    return clock.now()


def _require_open_list(lot: Lot) -> None:
    if lot.announced_at is not None or lot.state not in lot.PREPARED:
        raise ListClosed()


@transaction.atomic
def list_priority_holder(
    lot: Lot,
    *,
    by: User,
    ground: str,
    rank: int,
    organisation: Organisation | None = None,
    name: str = "",
    uscc: str = "",
) -> PriorityHolder:
    """Put a holder on the list of a lot that is not announced yet: an organisation, or a name with a credit code."""
    now = _hold(lot)
    require(rules.list_priority_holder, by, lot)
    _require_open_list(lot)
    if organisation is None and not name.strip():
        raise HolderMissing()
    code = organisation.uscc if organisation is not None else uscc.strip().upper()
    if code == lot.outcome.owner.uscc:
        raise HolderIsTheSeller()
    holder = PriorityHolder(
        lot=lot,
        organisation=organisation,
        name="" if organisation is not None else name.strip(),
        uscc=code,
        ground=ground,
        rank=rank,
        listed_by=by,
        listed_at=now,
    )
    try:
        with transaction.atomic():
            holder.save()
    except IntegrityError as error:
        raise ListedAlready() from error
    journal.record(Kind.PRIORITY_LISTED, holder, by=by, lot=lot.number, ground=ground, rank=rank)
    return holder


@transaction.atomic
def invite_priority_holder(
    holder: PriorityHolder, *, by: User, channel: str, invited_on: date, proof: UploadedFile, note: str = ""
) -> None:
    """Enter how and when a holder was invited, or that it waived its right, with the proof; a later one replaces it."""
    now = _hold(holder.lot)
    require(rules.invite_priority_holder, by, holder)
    _require_on_list(holder)
    if invited_on > timezone.localdate(now):
        raise ToldInTheFuture()
    if holder.outdated_on is not None and invited_on < holder.outdated_on:
        raise ToldOfOtherTerms(day=holder.outdated_on)
    if channel == PriorityHolder.Channel.PUBLICITY and not note.strip():
        raise NoteMissing()
    holder.channel, holder.invited_on, holder.note, holder.invited_by = channel, invited_on, note.strip(), by
    holder.save(update_fields=["channel", "invited_on", "note", "invited_by"])
    try:
        files.keep(proof, subject=holder, by=by, purpose=PROOF, confidential=True)
    except Refused as refusal:
        refusal.field = "proof"
        raise
    on, lot = invited_on.isoformat(), holder.lot.number
    journal.record(Kind.PRIORITY_INVITED, holder, by=by, lot=lot, channel=channel, invited_on=on)


def outdate_invitations(holders: QuerySet[PriorityHolder], *, at: datetime) -> int:
    """Have holders who were told of other terms or another day be told anew; return how many these are.

    A holder may buy at the same terms (同等条件), so it must know them. Proofs and journal keep what it was told
    before. The caller holds the lots.
    """
    nothing_told = {"channel": "", "invited_on": None, "invited_by": None, "note": ""}
    return holders.update(**nothing_told, outdated_on=timezone.localdate(at))


@transaction.atomic
def strike_priority_holder(holder: PriorityHolder, *, by: User, reason: str) -> None:
    """Take an entry that was wrong off the list, with the reason."""
    now = _hold(holder.lot)
    require(rules.strike_priority_holder, by, holder)
    _require_on_list(holder)
    holder.struck_reason, holder.struck_at = require_reason(reason), now
    holder.save(update_fields=["struck_at", "struck_reason"])
    journal.record(Kind.PRIORITY_STRUCK, holder, by=by, lot=holder.lot.number)


def _require_on_list(holder: PriorityHolder) -> None:
    _require_open_list(holder.lot)
    holder.refresh_from_db(fields=["struck_at", "outdated_on"])
    if holder.struck_at is not None:
        raise HolderStruck()


def require_invited(lots: Sequence[Lot], *, today: date) -> None:
    """Refuse an announcement whose lots' holders were not all invited in time (法释〔2016〕18号 Art. 16).

    The caller holds the session. Raises HolderNotInvited, InvitationTooLate.
    """
    for lot in lots:
        days = [holder.may_be_announced_from for holder in lot.priority_holders.listed()]
        if None in days:
            raise HolderNotInvited(lot=lot.number, n=days.count(None))
        late = [day for day in days if day is not None and day > today]
        if late:
            raise InvitationTooLate(lot=lot.number, day=max(late).isoformat())
