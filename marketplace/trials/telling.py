"""What happened in a trial or to a pool entry: who acted, and the sum or day of the step, each named."""

from collections.abc import Callable
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.core.journal import Entry, Kind
from marketplace.core.money import format_unrounded
from marketplace.trials.models import Trial
from marketplace.trials.pool import PoolEntry


def history(record: Trial | PoolEntry, *, is_over: bool) -> list[dict[str, Any]]:
    """Return what happened, newest first, for components/timeline.html."""
    entries = Entry.objects.about(record).select_related("actor", "on_behalf_of")
    told = [
        {"title": capfirst(Kind(entry.kind).label), "at": entry.recorded_at, "detail": _detail(entry)}
        for entry in entries
    ]
    if told and not is_over:
        told[0]["phase"] = "now"
    return told


def _detail(entry: Entry) -> str:
    """Return who acted, then what the entry tells of sums and days."""
    who = str(entry.on_behalf_of or entry.actor or "")
    say = WORDS.get(entry.kind)
    return f"{who} {say(entry.data) if say is not None else _sum_of(entry.data)}".strip()


def _money(fen: int) -> str:
    return format_unrounded(fen, get_language() or "zh-hans")


def _sum_of(data: dict[str, Any]) -> str:
    amount = data.get("price") or data.get("amount")
    return _money(amount) if amount else ""


def _of_output(data: dict[str, Any]) -> str:
    return _("output %(output)s, share due %(due)s") % {"output": _money(data["output"]), "due": _money(data["due"])}


def _of_answer(data: dict[str, Any]) -> str:
    if not data["granted"]:
        return _("refused")
    return _("granted; the trial ends on %(day)s") % {"day": data["ends_on"]}


def _of_hours(data: dict[str, Any]) -> str:
    if "on" not in data:  # entries of before
        return _("%(hours)s hours") % data
    return _("%(hours)s hours, given on %(on)s") % data


def _of_step(data: dict[str, Any]) -> str:
    return _("due on %(due_on)s") % data if "due_on" in data else ""


def _of_policy(data: dict[str, Any]) -> str:
    policy = data.get("policy")
    return _("policy from %(begins_on)s until %(ends_on)s") % policy if policy else ""


def _of_start(data: dict[str, Any]) -> str:
    return _("from %(starts_on)s, ends on %(ends_on)s") % data


def _of_approval(data: dict[str, Any]) -> str:
    return _("to be confirmed and begun by %(until)s") % data


def _of_reminder(data: dict[str, Any]) -> str:
    return _("the term ends on %(due)s") % data


def _of_question(data: dict[str, Any]) -> str:
    return _("%(days)s days more") % data


WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    Kind.TRIAL_APPROVED: _of_approval,
    Kind.TRIAL_INSURED: _of_policy,
    Kind.TRIAL_STARTED: _of_start,
    Kind.TRIAL_MILESTONE_ADDED: _of_step,
    Kind.TRIAL_MILESTONE_REACHED: _of_step,
    Kind.TRIAL_MILESTONE_TAKEN_OUT: _of_step,
    Kind.TRIAL_SUPPORTED: _of_hours,
    Kind.TRIAL_SUPPORT_TAKEN_BACK: _of_hours,
    Kind.TRIAL_EXTENSION_ASKED: _of_question,
    Kind.TRIAL_EXTENSION_ANSWERED: _of_answer,
    Kind.TRIAL_OUTPUT_REPORTED: _of_output,
    Kind.TRIAL_OUTPUT_TAKEN_BACK: _of_output,
    Kind.TRIAL_REMINDED: _of_reminder,
}
