"""The trial contract (先用后转试用合同) as a paper: the fixed terms, who confirmed them and when, a code to check."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.core.papers import Block, Check, Facts, Paper, Signatures, Table, Text
from marketplace.core.verification import printed_code
from marketplace.organisations.models import Organisation
from marketplace.trials.models import Trial
from marketplace.trials.parts import Insurance
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
        *_insurance(trial),
        Facts(_confirmations(trial), heading=_("Confirmed")),
        Signatures([_("Institute (seal), date"), _("Enterprise (seal), date")]),
        Check(address, _scanned(trial)),
    ]
    dated = _dated(trial)
    return Paper(_("Trial contract (use first, transfer later)"), trial.outcome.heading, trial.number, dated, blocks)


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
    begun = f"{trial.starts_on} – {trial.ends_on}" if trial.starts_on else days
    return [
        (_("What for"), trial.purpose),
        (_("Where"), trial.place_words(day)),
        (_("At what scale"), trial.scale_words),
        (_("Territory"), terms.territory_words(day)),
        (_("Scale allowed"), terms.scale_words),
        (pgettext("trial", "Term"), begun),
        (_("Support"), _("%(hours)s hours") % {"hours": terms.support_hours}),
    ]


def _conversion(trial: Trial) -> list[tuple[str, str]]:
    terms = trial.terms
    return [
        (_("Way of conversion"), str(capfirst(terms.get_mode_display()))),
        (_("Price of conversion"), terms.price_words),
        (_("Payment"), terms.payment_plan),
        (_("To be decided"), _("within %(days)s days after the trial") % {"days": terms.decide_days}),
    ]


def _insurance(trial: Trial) -> list[Block]:
    policy = Insurance.objects.filter(trial=trial).first()
    if policy is None:
        return []
    rows = [
        (_("Insurer"), policy.insurer),
        (_("Policy number"), policy.policy_number),
        (_("Period"), f"{policy.begins_on} – {policy.ends_on}"),
    ]
    return [Facts(rows, heading=_("Insurance"))]


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
