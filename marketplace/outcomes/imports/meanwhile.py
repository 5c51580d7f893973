"""What happened to an import since a page of it was opened: told to whoever comes too late with it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import Refused, WrongState
from marketplace.outcomes.imports.models import OutcomeImport

State = OutcomeImport.State


class AlreadyAsked(Refused):
    message = _("%(who)s accepted this import on %(when)s; its rows are being taken over.")


class AlreadyTakenOver(Refused):
    message = _("%(who)s accepted this import on %(when)s; its rows are drafts now. Change the drafts themselves.")


class AlreadyTakenBack(Refused):
    message = _("%(who)s took this import back on %(when)s. Upload the file again to import it once more.")


WHAT_HAPPENED: dict[str, tuple[type[Refused], Kind]] = {
    State.TAKING_OVER: (AlreadyAsked, Kind.IMPORT_TAKE_OVER_ASKED),
    State.TAKEN_OVER: (AlreadyTakenOver, Kind.IMPORT_TAKE_OVER_ASKED),
    State.TAKEN_BACK: (AlreadyTakenBack, Kind.IMPORT_TAKEN_BACK),
}


def why_closed(batch: OutcomeImport) -> Refused | None:
    """Return who closed an import to corrections, and when; None while its rows wait for a decision."""
    if batch.state == State.CHECKED:
        return None
    refusal, kind = WHAT_HAPPENED.get(batch.state, (WrongState, None))
    entry = Entry.objects.about(batch).filter(kind=kind).select_related("actor").first()
    if entry is None:
        return WrongState(state=batch.get_state_display())
    return refusal(who=_name(entry.actor), when=f"{timezone.localtime(entry.recorded_at):%Y-%m-%d %H:%M}")


def _name(actor: Any) -> Any:
    return str(actor) if actor else _("The platform")


def refuse_if_closed(batch: OutcomeImport) -> None:
    """Raise what happened meanwhile, if anything did. The caller holds the import's lock."""
    reason = why_closed(batch)
    if reason is not None:
        raise reason
