"""Certificates that end soon: for the officers who renew them, and for the broker."""

from datetime import timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.brokers.models import TechBroker
from marketplace.desk.rows import Reader, Row
from marketplace.organisations.roles import Role

NOTICE_TIME = timedelta(days=60)


def waiting(reader: Reader) -> list[Row]:
    officer = reader.user.has_role(Role.OFFICER)
    found: QuerySet[TechBroker] = TechBroker.objects.running_out(reader.today, reader.today + NOTICE_TIME)
    if not officer:
        found = found.filter(user=reader.user)
    return [_renew(broker, officer=officer) for broker in found.select_related("firm")[:10]]


def _renew(broker: TechBroker, *, officer: bool) -> Row:
    return Row(
        title=_("Renew the certificate of %(name)s") % {"name": broker},
        about=(broker.certificate_no, str(broker.firm or _("independent"))),
        url=reverse("broker-renew", args=[broker.code]) if officer else broker.get_absolute_url(),
        act=_("Renew") if officer else _("See"),
        icon="identification",
        due=broker.valid_until,
    )
