"""What a stranger is told about a trial contract: its parties, its outcome and how it stands; no price, no text."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.core.codes import LENGTH
from marketplace.core.verification import Verdict, plain_code
from marketplace.trials.models import Trial


def verify(code: str, *, at: datetime) -> Verdict | None:
    """Return the trial contract under this code once both have confirmed it; before, it is as good as absent."""
    plain = plain_code(code)
    plain = plain.removeprefix("XY") if len(plain) == LENGTH + 2 else plain  # as the contract's number prints it
    signed = Trial.objects.filter(owner_signed_at__isnull=False, enterprise_signed_at__isnull=False)
    trial = signed.with_parties().filter(code=plain).first()
    if trial is None:
        return None
    stands = trial.state not in (*trial.ENDED, *trial.TO_RETURN)
    term = f"{trial.starts_on} – {trial.ends_on}" if trial.starts_on else _("not begun yet")
    return Verdict(
        code=trial.code,
        word=_word(trial, stands=stands),
        tone="go" if stands else "idle",
        explanation=_("Price, criteria and text of the contract are not part of this check."),
        facts=[
            (pgettext("trial", "Number"), trial.number),
            (_("Outcome"), trial.outcome.heading),
            (_("Institute"), trial.owner.name),
            (_("Enterprise"), trial.enterprise.name),
            (pgettext("trial", "Term"), term),
            (_("State"), trial.get_state_display()),
        ],
    )


def _word(trial: Trial, *, stands: bool) -> str:
    if trial.state == Trial.State.CONVERTED:
        return _("Trial converted, paid contract registered")
    return _("Trial contract in force") if stands else _("Trial contract ended")
