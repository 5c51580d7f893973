"""What a broker has done in the year so far, as the evaluation will count it, each with the way to its records."""

from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.brokers.leads.models import Lead
from marketplace.brokers.models import TechBroker
from marketplace.core.money import format_exact
from marketplace.deals.models import Deal
from marketplace.rewards.evaluation.figures import STANDS, contracts


def year_so_far(broker: TechBroker, *, year: int) -> list[dict[str, Any]]:
    """Return [{label, value, href}]: deals, leads that stand, contracts and their technical amount, and the fees."""
    deals = Deal.objects.filter(broker=broker, opened_at__year=year).count()
    leads = Lead.objects.filter(broker=broker, state__in=STANDS, registered_at__year=year).count()
    registered = contracts(broker, year)
    amount = format_exact(registered.aggregate(sum=Sum("technical_amount"))["sum"] or 0, get_language() or "zh-hans")
    listed = reverse("contract-list")
    return [
        {"label": _("Deals begun"), "value": deals, "href": f"{reverse('deal-list')}?side=broker"},
        {"label": _("Leads that stand"), "value": leads, "href": reverse("lead-list")},
        {"label": _("Contracts registered"), "value": registered.count(), "href": listed},
        {"label": _("Technical amount"), "value": amount, "href": listed},
        {"label": _("Your broker's fees"), "value": _("Look"), "href": reverse("fee-list")},
    ]
