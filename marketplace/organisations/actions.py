"""Organisations from registration to verification. Members: joining.py; people: accounts.py; staff: staff.py."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, journal
from marketplace.core.advisory_locks import AdvisoryLock, hold_lock
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.organisations import rules
from marketplace.organisations.models import Membership, Organisation, OrganisationQuerySet, User
from marketplace.organisations.particulars import (
    PROVEN,
    UsccTaken,
    checked,
    mark_of_facts,
    refuse_own_code,
    refuse_taken,
)
from marketplace.organisations.roles import MemberRole


class ProvenFactsStand(Refused):
    message = _("Kind, name, credit code and region were verified and stay. Ask an officer if they changed.")
    field = "name"


class ChangedSinceSeen(Refused):
    message = _("The organisation has changed its particulars since you opened this page. Compare them again.")


class NameTaken(Refused):
    message = _("Another verified organisation has this name.")
    field = "name"


class NameOfAnother(Refused):
    message = _("Another verified organisation has this name. Give as reason how you told the two apart.")
    field = "reason"


class DecidedMeanwhile(WrongState):
    message = _("%(person)s decided about this organisation, %(at)s: %(state)s. Nothing was decided now.")


class ReasonMissing(Refused):
    message = _("Give the reason: the organisation reads it.")
    field = "reason"


def _hold_name(name: str) -> None:
    """Let two decisions about one name come one after the other; held until the transaction ends."""
    hold_lock(AdvisoryLock.ORGANISATION_NAME, name.upper())


def namesakes(organisation: Organisation) -> OrganisationQuerySet:
    """Return the other organisations of the same name, verified or not yet."""
    others = Organisation.objects.exclude(pk=organisation.pk).exclude(state=Organisation.State.REFUSED)
    return others.filter(name__iexact=organisation.name)


@transaction.atomic
def register_organisation(*, by: User, **facts: Any) -> Organisation:
    """Register an organisation with `by` as its manager; it waits for verification.

    Raises UsccTaken where the credit code is registered already.
    """
    require(rules.register_organisation, by)
    now = clock.now()
    facts = checked(facts)
    refuse_own_code(facts["uscc"], facts.get("related_usccs", ()))
    refuse_taken(facts["uscc"])
    organisation, is_new = Organisation.objects.get_or_create(
        uscc=facts.pop("uscc"), defaults=facts | {"registered_by": by, "registered_at": now}
    )
    if not is_new:  # another request won the race after our check
        raise UsccTaken(organisation=organisation.name, code_of_other=organisation.code)
    Membership.objects.create(
        user=by,
        organisation=organisation,
        roles=[MemberRole.MANAGER],
        state=Membership.State.ACTIVE,
        asked_at=now,
        answered_at=now,
    )
    by.forget_roles()
    journal.record(Kind.ORGANISATION_REGISTERED, organisation, by=by, on_behalf_of=organisation, uscc=organisation.uscc)
    return organisation


@transaction.atomic
def edit_organisation(organisation: Organisation, *, by: User, **facts: Any) -> None:
    """Change the particulars; what was verified stays. Records which fields changed, not what they said."""
    organisation.lock()
    require(rules.edit_organisation, by, organisation)
    facts = checked(facts)
    changed = [name for name, value in facts.items() if getattr(organisation, name) != value]
    if set(changed) & set(PROVEN) and organisation.was_verified:
        raise ProvenFactsStand()
    if "uscc" in changed:
        refuse_taken(facts["uscc"], but=organisation.pk)
    if not changed:
        return
    if {"uscc", "related_usccs"} & set(changed):
        refuse_own_code(facts.get("uscc", organisation.uscc), facts.get("related_usccs", organisation.related_usccs))
    _write(organisation, facts, changed)
    journal.record(Kind.ORGANISATION_CHANGED, organisation, by=by, on_behalf_of=organisation, fields=sorted(changed))


def _write(organisation: Organisation, facts: dict[str, Any], changed: list[str]) -> None:
    """Save what changed. Raises UsccTaken where another organisation got the code after it was looked for."""
    for name in changed:
        setattr(organisation, name, facts[name])
    try:
        with transaction.atomic():
            organisation.save(update_fields=changed)
    except IntegrityError:
        if "uscc" in changed:
            refuse_taken(facts["uscc"], but=organisation.pk)
        raise


@transaction.atomic
def correct_organisation(organisation: Organisation, *, by: User, seen: str, **facts: Any) -> None:
    """Correct what was verified, as an officer; the managers are told.

    `seen` is the mark of the particulars the officer had before them. Raises ChangedSinceSeen, UsccTaken, NameTaken;
    KeyError for what is not among the facts that were verified.
    """
    organisation.lock()
    require(rules.correct_organisation, by, organisation)
    if set(facts) - set(PROVEN):
        raise KeyError(f"An officer does not correct {sorted(set(facts) - set(PROVEN))}.")
    if seen != mark_of_facts(organisation):
        raise ChangedSinceSeen()
    facts = checked(facts)
    changed = [name for name, value in facts.items() if getattr(organisation, name) != value]
    if "uscc" in changed:
        refuse_taken(facts["uscc"], but=organisation.pk)
        refuse_own_code(facts["uscc"], organisation.related_usccs)
    if "name" in changed:
        _hold_name(facts["name"])
        if Organisation.objects.verified().exclude(pk=organisation.pk).filter(name__iexact=facts["name"]).exists():
            raise NameTaken()
    if changed:
        _write(organisation, facts, changed)
        journal.record(Kind.ORGANISATION_CHANGED, organisation, by=by, fields=sorted(changed))


@transaction.atomic
def resubmit_organisation(organisation: Organisation, *, by: User) -> None:
    """Ask for verification again after a refusal."""
    organisation.lock()
    require(rules.resubmit_organisation, by, organisation)
    organisation.move_to(Organisation.State.PENDING)
    organisation.submitted_at = clock.now()
    organisation.save(update_fields=["state", "submitted_at"])
    journal.record(Kind.ORGANISATION_RESUBMITTED, organisation, by=by, on_behalf_of=organisation)


def _refuse_decided(organisation: Organisation, awaited: str, seen: str | None = None) -> None:
    """Refuse what an old page asks for: somebody has decided since, or the particulars are others now."""
    state = organisation.state
    if state == awaited:
        if seen is not None and seen != mark_of_facts(organisation):
            raise ChangedSinceSeen()
        return
    label = organisation.get_state_display()
    if organisation.decided_by is None or organisation.decided_at is None or state == Organisation.State.PENDING:
        raise WrongState(thing=organisation, state=label)
    at = f"{localtime(organisation.decided_at):%Y-%m-%d %H:%M}"
    raise DecidedMeanwhile(person=organisation.decided_by, at=at, state=label)


def _decide(organisation: Organisation, state: str, *, by: User, reason: str) -> None:
    organisation.move_to(state)
    organisation.decision_reason = reason
    organisation.decided_by, organisation.decided_at = by, clock.now()
    organisation.save(update_fields=["state", "decision_reason", "decided_by", "decided_at"])


@transaction.atomic
def verify_organisation(organisation: Organisation, *, by: User, reason: str = "", seen: str | None = None) -> None:
    """Confirm that the organisation is what it says; from now on it may publish, bid and sign.

    `seen` is the mark of the particulars a page showed: ChangedSinceSeen is raised where they are others now.
    A name that another verified organisation has asks for a reason (NameOfAnother).
    """
    organisation.lock()
    require(rules.verify_organisation, by, organisation)
    _refuse_decided(organisation, Organisation.State.PENDING, seen)
    _hold_name(organisation.name)
    if not reason.strip() and namesakes(organisation).verified().exists():
        raise NameOfAnother()
    _decide(organisation, Organisation.State.VERIFIED, by=by, reason=reason)
    journal.record(Kind.ORGANISATION_VERIFIED, organisation, by=by)


@transaction.atomic
def refuse_organisation(organisation: Organisation, *, by: User, reason: str, seen: str | None = None) -> None:
    """Decline to verify, with the reason; it may be completed and submitted again. `seen` as in verifying."""
    organisation.lock()
    require(rules.refuse_organisation, by, organisation)
    _refuse_decided(organisation, Organisation.State.PENDING, seen)
    if not reason.strip():
        raise ReasonMissing()
    _decide(organisation, Organisation.State.REFUSED, by=by, reason=reason)
    journal.record(Kind.ORGANISATION_REFUSED, organisation, by=by)


@transaction.atomic
def suspend_organisation(organisation: Organisation, *, by: User, reason: str) -> None:
    """Take from a verified organisation, for now, the right to publish, bid and sign."""
    organisation.lock()
    require(rules.suspend_organisation, by, organisation)
    _refuse_decided(organisation, Organisation.State.VERIFIED)
    if not reason.strip():
        raise ReasonMissing()
    _decide(organisation, Organisation.State.SUSPENDED, by=by, reason=reason)
    journal.record(Kind.ORGANISATION_SUSPENDED, organisation, by=by)


@transaction.atomic
def reinstate_organisation(organisation: Organisation, *, by: User, reason: str = "") -> None:
    """Give a suspended organisation its rights back."""
    organisation.lock()
    require(rules.reinstate_organisation, by, organisation)
    _refuse_decided(organisation, Organisation.State.SUSPENDED)
    _decide(organisation, Organisation.State.VERIFIED, by=by, reason=reason)
    journal.record(Kind.ORGANISATION_REINSTATED, organisation, by=by)
