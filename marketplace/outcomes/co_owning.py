"""Co-owners are asked whether they agree to an offer, and answer: agreed, or objected and why (专利法 Art. 14)."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes import rules
from marketplace.outcomes.co_owners import organisations_named
from marketplace.outcomes.co_ownership import CoOwnerAnswer, CoOwnership
from marketplace.outcomes.models import ResearchOutcome

if TYPE_CHECKING:
    from marketplace.outcomes.parts import CoOwner

State = CoOwnership.State
Partner = tuple[Organisation | None, str]  # an organisation of the platform, or a name
KINDS = {State.AGREED: Kind.OUTCOME_CO_OWNER_AGREED, State.OBJECTED: Kind.OUTCOME_CO_OWNER_OBJECTED}


class NothingToAnswer(Refused):
    message = _(
        "The version you were asked about was taken back or returned. You are told when it is sent to review again."
    )


class NoLongerNamed(Refused):
    message = _(
        "The public version does not name your organisation as co-owner any more, so nothing is to be answered. If you "
        "hold a right in it, write to the owner or to the district."
    )


class AnsweredMeanwhile(Refused):
    message = _(
        "Your organisation has answered meanwhile: %(answer)s, by %(who)s on %(day)s. You may still change the answer."
    )


class AskedAnew(Refused):
    message = _("Another version was sent in since you opened this page. Read it, and answer then.")


class AnsweredSo(Refused):
    message = _("This is your organisation’s answer already.")


class ContractRests(Refused):
    message = _("A contract was signed on your answer, so it stays. Settle with the owner what else is to be said.")


class ObjectionReasonMissing(Refused):
    message = _("Say why you object: the owner and the reviewers read it.")
    field = "reason"


class ObjectionTooLong(Refused):
    message = _("At most %(most)s characters.")
    field = "reason"


def ask_co_owners(outcome: ResearchOutcome, *, by: User) -> None:
    """Ask the verified organisations that hold a share in the version just sent in. The caller holds the outcome.

    For whoever is only named a record is kept that takes letters; nobody is told. Who has agreed for the same share is
    asked again only where a way was added. Who has not answered, or objects, is told of every version: it may be
    another text.
    """
    now, version = clock.now(), outcome.newest_version
    revision = version.latest_revision
    if revision is None:  # nothing was sent in
        return
    for (organisation, name), share in _partners(version.co_owners.all(), outcome):
        _come_here(outcome, organisation, share)
        asked, _is_new = CoOwnership.objects.select_for_update().get_or_create(
            outcome=outcome,
            organisation=organisation,
            name=name,
            share=share,
            defaults={"modes": version.modes, "revision": revision, "asked_at": now},
        )
        asked.revision = revision
        if _is_to_ask_anew(asked, version.modes):
            asked.move_to(State.WAITING)
            asked.asked_at = now
        asked.dropped_at = None
        if asked.state == State.WAITING:
            asked.modes = version.modes
        asked.save()
        if asked.state != State.AGREED and not asked.is_outside:
            journal.record(Kind.OUTCOME_CO_OWNER_ASKED, outcome, by=by, on_behalf_of=outcome.owner, **facts_of(asked))


def _partners(rows: Iterable["CoOwner"], outcome: ResearchOutcome) -> list[tuple[Partner, Decimal]]:
    """Return the verified organisations that are asked and who is named by name only, each with the whole share.

    The owner speaks by sending in; an organisation that is not verified speaks for nobody.
    """
    shares: dict[Partner, Decimal] = {}
    held = list(rows)
    prefetch_related_objects(held, "organisation")
    for row in held:
        if row.organisation is None or (row.organisation_id != outcome.owner_id and row.organisation.is_verified):
            partner = (row.organisation, "" if row.organisation is not None else row.name)
            shares[partner] = shares.get(partner, Decimal(0)) + row.share
    return sorted(shares.items(), key=lambda one: (one[0][0].pk if one[0][0] is not None else 0, one[0][1]))


def _come_here(outcome: ResearchOutcome, organisation: Organisation | None, share: Decimal) -> None:
    """Give an organisation that is on the platform by now what its letters said while it was only named."""
    if organisation is None or outcome.co_ownerships.filter(organisation=organisation, share=share).exists():
        return
    named = outcome.co_ownerships.filter(organisation=None, share=share).select_for_update(of=("self",))
    for known in named:
        if organisation in organisations_named([known.name]).values():
            known.organisation, known.name = organisation, ""
            known.save(update_fields=["organisation", "name"])
            return


def _is_to_ask_anew(asked: CoOwnership, modes: list[str]) -> bool:
    """Tell whether what was answered does not hold for these ways: one was added, or an objection was met by others.

    Who agreed and was told since that no version names it, is asked whether that still holds.
    """
    if asked.state == State.AGREED:
        return asked.dropped_at is not None or not set(modes) <= set(asked.modes)
    return asked.state == State.OBJECTED and set(modes) != set(asked.modes)


def facts_of(asked: CoOwnership) -> dict[str, object]:
    """Return what the journal keeps of a question and its answer: keys and codes, no words."""
    return {
        "co_owner": asked.organisation_id,
        "co_ownership": asked.pk,
        "share": f"{asked.share:.2f}",
        "modes": asked.modes,
        "revision": asked.revision_id,
    }


@transaction.atomic
def answer_co_ownership(
    co_ownership: CoOwnership, *, by: User, answer: str, reason: str = "", seen: str | None = None
) -> None:
    """Agree or object for a co-owner; what was answered before stays to be read. Until a contract rests on it.

    `answer` is a CoOwnerAnswer.Answer; `seen` what `answer_seen` said when the page was opened, None where nothing is
    compared. Raises NothingToAnswer, AskedAnew, AnsweredMeanwhile, AnsweredSo, ContractRests, ObjectionReasonMissing.
    """
    outcome = co_ownership.outcome
    outcome.lock()
    co_ownership.lock()
    co_ownership.outcome = outcome
    now = clock.now()
    require(rules.answer_co_ownership, by, co_ownership)
    given, said = State(answer), reason.strip() if answer == State.OBJECTED else ""
    if _is_said_twice(co_ownership, given, said, by):
        return
    _refuse(co_ownership, given, said, seen)
    write_answer(co_ownership, given, said, at=now, answered_by=by)
    journal.record(KINDS[given], outcome, by=by, on_behalf_of=co_ownership.organisation, **facts_of(co_ownership))


def write_answer(
    co_ownership: CoOwnership, given: State, said: str, *, at: datetime, **whose: User | str | date
) -> CoOwnerAnswer:
    """Write an answer beside those before it, and what is said now. The caller holds both rows and asked the rule."""
    if given != co_ownership.state:
        co_ownership.move_to(given)
        co_ownership.save(update_fields=["state"])
    told = {"answer": given, "reason": said, "modes": co_ownership.modes, "answered_at": at}
    return CoOwnerAnswer.objects.create(co_ownership=co_ownership, **told, **whose)


def _is_said_twice(asked: CoOwnership, given: State, said: str, by: User) -> bool:
    """Tell whether the same person has just said the same: the button was pressed twice."""
    last = asked.last_answer
    if last is None or not (asked.state == given == last.answer):
        return False
    return (last.answered_by_id, last.reason) == (by.pk, said)


def _refuse(asked: CoOwnership, given: State, said: str, seen: str | None) -> None:
    """Raise what stands against an answer, the page that is out of date first."""
    if seen is not None and seen != answer_seen(asked):
        raise _other_than_seen(asked, seen)
    refusal = refusal_to_answer(asked)
    if refusal is not None:
        raise refusal
    if given == State.OBJECTED and not said:
        raise ObjectionReasonMissing()
    if len(said) > CoOwnerAnswer.LONGEST_REASON:
        raise ObjectionTooLong(most=CoOwnerAnswer.LONGEST_REASON)
    if given == asked.state == State.AGREED:
        raise AnsweredSo()


def answer_seen(co_ownership: CoOwnership) -> str:
    """Return what a page sends back to say what it showed: which answer stood, for which ways, of which version."""
    last = co_ownership.last_answer
    ways = "".join(sorted(co_ownership.modes))
    return f"{last.pk if last else 0}-{co_ownership.state}-{co_ownership.revision_id}-{ways}"


def _other_than_seen(asked: CoOwnership, seen: str) -> Refused:
    last = asked.last_answer
    if last is None or seen.partition("-")[0] == str(last.pk):
        return AskedAnew()
    day = timezone.localtime(last.answered_at).strftime("%Y-%m-%d %H:%M")
    return AnsweredMeanwhile(answer=last.get_answer_display(), who=last.who, day=day)


def refusal_to_answer(co_ownership: CoOwnership) -> Refused | None:
    """Return why nothing is answered now, whoever asks; None where it may be."""
    if not co_ownership.stands:
        return NothingToAnswer() if co_ownership.dropped_at is None else NoLongerNamed()
    last = co_ownership.last_answer
    if last is None or co_ownership.state != State.AGREED:
        return None
    rests = co_ownership.outcome.contracts.signed().filter(submitted_at__gte=last.answered_at)
    return ContractRests() if rests.exists() else None
