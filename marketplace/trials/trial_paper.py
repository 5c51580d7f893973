"""The trial contract (先用后转试用合同) as a paper: the fixed terms, who confirmed them and when, a code to check."""

from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.core.papers import Block, Check, Facts, Paper, Signatures, Table, Text
from marketplace.core.verification import printed_code
from marketplace.organisations.models import Organisation
from marketplace.trials.models import Trial
from marketplace.trials.parts import Extension, Insurance
from marketplace.trials.party import Party


def trial_paper(trial: Trial, *, address: str) -> Paper:
    """Return the trial contract; `address` is where its code is verified."""
    terms = trial.terms
    criteria = [[str(one.position), one.text] for one in trial.criteria.all()]
    clauses = [
        (_("Confidentiality"), terms.confidentiality),
        (_("Return or destruction"), terms.on_return),
        (_("Sharing of data"), terms.data_sharing),
    ]
    free = _(
        "The institute lets the enterprise use the outcome free of charge within these terms. No right in it passes "
        "before the conversion; who uses it beyond them breaks this contract."
    )
    blocks: list[Block] = [
        Facts(_parties(trial), heading=_("Parties and outcome")),
        Facts(_use(trial), heading=_("Use allowed")),
        Facts(_conversion(trial), heading=_("Conversion fixed in advance")),
        Table([_("No."), _("Criterion")], criteria, heading=_("Criteria of the evaluation"), widths=[1, 9]),
        *(Text([words], heading=heading) for heading, words in clauses),
        Text([free]),
        Facts(_confirmations(trial), heading=_("Confirmed")),
        *_since(trial),
        Signatures([_("Institute (seal), date"), _("Enterprise (seal), date")]),
        _check(trial, address),
    ]
    dated = _dated(trial)
    return Paper(_("Trial contract (use first, transfer later)"), trial.outcome.heading, trial.number, dated, blocks)


def _check(trial: Trial, address: str) -> Block:
    """Return the code to check; none before both have confirmed, for the register would not know it."""
    if is_confirmed(trial):
        return Check(address, _scanned(trial))
    return Text([_("Not confirmed by both sides yet: the contract carries its code to check once both have.")])


def is_confirmed(trial: Trial) -> bool:
    """Tell whether both sides have confirmed the contract."""
    return trial.owner_signed_at is not None and trial.enterprise_signed_at is not None


def _dated(trial: Trial) -> datetime:
    """Return when what the contract says was said last."""
    return trial.enterprise_signed_at or trial.owner_signed_at or trial.answered_at or trial.requested_at


def _day_of(trial: Trial) -> date:
    """Return the day whose names of regions the contract bears: a later name does not change what was signed."""
    return localtime(_dated(trial)).date()


def _scanned(trial: Trial) -> list[str]:
    return [
        _("Verification code %(code)s") % {"code": printed_code(trial.code)},
        _("Scanning shows whether this contract is confirmed, and how the trial stands."),
    ]


def _named(organisation: Organisation) -> str:
    return _("%(name)s\ncredit code %(uscc)s") % {"name": organisation.name, "uscc": organisation.uscc}


def _parties(trial: Trial) -> list[tuple[str, str]]:
    return [
        (_("Institute"), _named(trial.owner)),
        (_("Enterprise"), _named(trial.enterprise)),
        (_("Outcome"), f"{trial.outcome.heading} ({trial.outcome.number})"),
        (_("Version of the terms"), str(trial.terms.version)),
    ]


def _use(trial: Trial) -> list[tuple[str, str]]:
    terms, day = trial.terms, _day_of(trial)
    days = _("%(days)s days from the beginning") % {"days": terms.length_days}
    return [
        (_("What for"), trial.purpose),
        (_("Where"), trial.place_words(day)),
        (_("At what scale"), trial.scale_words),
        (_("Territory"), terms.territory_words(day)),
        (_("Scale allowed"), terms.scale_words),
        (pgettext("trial", "Term"), days),
        (_("Support"), _("%(hours)s hours") % {"hours": terms.support_hours}),
        (_("Insurance"), _("required before the trial begins") if terms.needs_insurance else _("not required")),
    ]


def _conversion(trial: Trial) -> list[tuple[str, str]]:
    terms = trial.terms
    return [
        (_("Way of conversion"), str(capfirst(terms.get_mode_display()))),
        (_("Price of conversion"), terms.price_words),
        (_("Payment"), terms.payment_plan),
        (_("To be decided"), _("within %(days)s days after the trial") % {"days": terms.decide_days}),
    ]


def _since(trial: Trial) -> list[Block]:
    """Return what came after the confirmation, each with its day: the contract above stands as it was confirmed."""
    if not is_confirmed(trial):
        return []
    rows = [*_policy(trial), *_begun(trial), *_extensions(trial)]
    return [Facts(rows, heading=_("Since the confirmation"))] if rows else []


def _policy(trial: Trial) -> list[tuple[str, str]]:
    policy = Insurance.objects.filter(trial=trial).first()
    if policy is None:
        return []
    period = _("%(insurer)s, %(number)s, %(begins)s – %(ends)s; entered on %(day)s") % {
        "insurer": policy.insurer,
        "number": policy.policy_number,
        "begins": policy.begins_on,
        "ends": policy.ends_on,
        "day": localtime(policy.noted_at).date(),
    }
    return [(_("Insurance"), period)]


def _begun(trial: Trial) -> list[tuple[str, str]]:
    if trial.starts_on is None:
        return []
    return [
        (_("Begins"), f"{trial.starts_on}"),
        (_("Ends"), f"{trial.starts_on + timedelta(days=trial.terms.length_days)}"),
    ]


def _extensions(trial: Trial) -> list[tuple[str, str]]:
    """Return each extension with its day, then the end they led to."""
    granted = [one for one in trial.extensions.all() if one.state == Extension.State.GRANTED and one.answered_at]
    if not granted:
        return []
    rows = [
        (_("Extended"), _("%(days)s days more, granted on %(day)s") % {"days": one.days, "day": _day(one.answered_at)})
        for one in granted
    ]
    return [*rows, (_("Ends after that"), f"{trial.ends_on}")]


def _day(at: datetime | None) -> date | None:
    return localtime(at).date() if at is not None else None


def _confirmations(trial: Trial) -> list[tuple[str, str]]:
    given = {
        Party.OWNER: (trial.owner_signed_by, trial.owner_signed_at),
        Party.ENTERPRISE: (trial.enterprise_signed_by, trial.enterprise_signed_at),
    }
    return [
        (
            f"{capfirst(party.label)}",
            f"{by} {date_format(localtime(at), 'Y-m-d H:i')}" if by and at else _("not confirmed yet"),
        )
        for party, (by, at) in given.items()
    ]
