"""Saved searches: an enterprise looks for what can be tried first, an institute for needs in monitoring."""

from django.http import QueryDict

from cms.demo.houses import World, days_ago
from marketplace.core import clock
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome
from search.listing import Asked
from search.lists import LISTS
from search.saved.actions import save_search
from search.saved.alerts import alert_in_the_morning, find_answered

SAVED = 70  # days ago
SEARCHES = (  # who, list, the list's address, name, rhythm
    ("enterprise", "outcome", "trial_first=yes&trl=7-9", "可先试用的成熟技术", "weekly"),
    ("institute", "need", "q=在线监测", "在线监测需求", "daily"),
)


def make_searches(world: World) -> None:
    """Save two searches before the last outcomes and needs came, find these day by day, and tell of them yesterday."""
    with clock.moved_to(days_ago(SAVED)):
        for key, kind, query, name, rhythm in SEARCHES:
            asked = Asked.of(QueryDict(query), LISTS[kind])
            save_search(by=world.people[key], kind=kind, asked=asked, name=name, rhythm=rhythm)
    fresh = {"published_at__gt": days_ago(SAVED)}
    outcomes = ResearchOutcome.objects.listed().filter(**fresh).values_list("published_at", "number")
    needs = TechnologyNeed.objects.listed().filter(**fresh).values_list("published_at", "code")
    for kind, published in (("outcome", outcomes), ("need", needs)):
        for at, key in published.order_by("published_at"):
            with clock.moved_to(at or days_ago(SAVED)):
                find_answered(kind, [key])
    with clock.moved_to(days_ago(1, 8)):
        alert_in_the_morning()
