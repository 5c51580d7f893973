"""The page of a broker's desk."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from marketplace.brokers.leads.views import TONES as LEAD_TONES
from marketplace.brokers.models import TechBroker
from marketplace.brokers.verification import TONES
from marketplace.core import clock
from marketplace.core.rules import require
from marketplace.desk import rules
from marketplace.desk.broker_days import days_of
from marketplace.desk.broker_work import accompanied_deals, leads_of, records_of, taken_up, to_answer
from marketplace.desk.broker_year import year_so_far


@require_safe
@login_required
def broker_desk(request: Any) -> HttpResponse:
    """A broker's own deals, leads, needs and outcomes, what waits for them, what stalls, and their days."""
    require(rules.see_broker_desk, request.user)
    broker, now = TechBroker.objects.of(request.user).select_related("firm", "user").get(), clock.now()
    today = timezone.localdate(now)
    deals, leads = accompanied_deals(broker, at=now), leads_of(broker)
    standing = broker.standing(today)
    context = {
        "broker": broker,
        "standing": standing,
        "tone": TONES[standing],
        "answers": to_answer(broker, at=now),
        "deals": deals,
        "stalling": [row for row in deals if row.is_late],
        "leads": [(lead, LEAD_TONES[lead.state]) for lead in leads],
        "records": records_of(leads, taken_up(broker), deals),
        "year": today.year,
        "year_so_far": year_so_far(broker, year=today.year),
        "days": days_of(broker, deals, leads, today=today),
    }
    return render(request, "marketplace/desk/broker_desk.html", context)
