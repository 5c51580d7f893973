"""The nearest matches of a need or an outcome, for its own page."""

from typing import Any

from django import template

from marketplace.matching.models import Match
from marketplace.matching.showing import Shown, shown
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation
from marketplace.outcomes.models import ResearchOutcome

register = template.Library()
MOST = 3  # the page of its matches has all


@register.simple_tag
def nearest_matches(record: Any, request: Any) -> list[Shown]:
    """Return up to three standing matches of a record with their reasons, as this reader sees them."""
    found = Match.objects.visible_to(request.user).with_parties().prefetch_related("need__disclosures").standing()
    own = found.filter(need=record) if isinstance(record, TechnologyNeed) else found.filter(outcome=record)
    return shown(own.best_first()[:MOST], request.user, request.organisation)


@register.simple_tag
def has_outcomes_on_offer(organisation: Organisation) -> bool:
    """Tell whether an organisation has an outcome that is public and still to be had."""
    return ResearchOutcome.objects.on_offer().filter(owner=organisation).exists()
