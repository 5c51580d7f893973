"""What a stranger is told about a broker's certificate."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.brokers.models import TechBroker, plain_number
from marketplace.core import clock
from marketplace.core.regions import district_code, region_name
from marketplace.core.verification import Verdict, plain_code

Standing = TechBroker.Standing
TONES = {
    Standing.VALID: "go",
    Standing.NOT_YET: "wait",
    Standing.EXPIRED: "stop",
    Standing.SUSPENDED: "stop",
    Standing.REVOKED: "stop",
}


def verify(code: str, *, at: datetime) -> Verdict | None:
    """Return the standing of the certificate with this code or certificate number at `at`."""
    found = TechBroker.objects.select_related("firm").prefetch_related("fields")
    broker = found.filter(code=plain_code(code)).first() or found.filter(_by_certificate(code)).first()
    if broker is None:
        return None
    standing = broker.standing(at)
    return Verdict(
        code=broker.code,
        word=_word(standing),
        tone=TONES[standing],
        facts=_facts(broker, standing),
        explanation=_explanation(broker, standing, at),
        warning=""
        if standing == Standing.VALID
        else _("No new deal may be begun with this certificate. Deals begun before are completed by the parties."),
    )


def _by_certificate(number: str) -> Q:
    """Select by a certificate number as people type it: in small letters, in full width, with spaces around it."""
    return Q(certificate_no__iexact=plain_number(number))


def _word(standing: str) -> str:
    return {
        Standing.VALID: _("Certificate valid"),
        Standing.NOT_YET: _("Certificate not yet valid"),
        Standing.EXPIRED: _("Certificate expired"),
        Standing.SUSPENDED: _("Certificate suspended"),
        Standing.REVOKED: _("Certificate revoked"),
    }[Standing(standing)]


def _explanation(broker: TechBroker, standing: str, at: datetime) -> str:
    if standing == Standing.EXPIRED and broker.valid_until:
        days = (timezone.localdate(at) - broker.valid_until).days
        words = ngettext(
            "It was valid until %(day)s, %(days)s day ago.", "It was valid until %(day)s, %(days)s days ago.", days
        )
        return words % {"day": broker.valid_until, "days": days}
    if standing in (Standing.SUSPENDED, Standing.REVOKED) and broker.decided_at:
        day = timezone.localdate(broker.decided_at)
        return _("Since %(day)s. Reason: %(reason)s") % {"day": day, "reason": broker.decision_reason}
    return ""


def _facts(broker: TechBroker, standing: str) -> list[tuple[Any, Any]]:
    known = [(_("Holder"), broker.name), (_("Certificate number"), broker.certificate_no)]
    if standing == Standing.REVOKED:
        return known
    until = broker.valid_until.isoformat() if broker.valid_until else _("no end")
    authority = region_name(district_code(clock.today()))
    return [
        *known,
        (_("Level"), broker.get_level_display()),
        (_("Issuer"), broker.issuer),
        (_("Firm"), broker.firm.name if broker.firm else _("independent")),
        (_("Fields served"), _(", ").join(str(field) for field in broker.fields.all())),
        (_("Validity"), _("%(first)s to %(last)s") % {"first": broker.valid_from, "last": until}),
        (_("Filing number"), broker.filing_number),
        (_("Filed with"), _("Science and Technology Bureau of %(district)s") % {"district": authority}),
    ]
