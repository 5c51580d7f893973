"""Where the box of the admin's menu, and the one of its first page, search: the listings a person may look at."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.text import capfirst
from wagtail import hooks
from wagtail.admin.search import SearchArea, admin_search_areas
from wagtail.permissions import policy_registry

from marketplace.auctions.models import Lot
from marketplace.brokers.models import TechBroker
from marketplace.contracts.models import TechnologyContract
from marketplace.deals.models import Deal
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation
from marketplace.outcomes.models import ResearchOutcome

# After the pages of editors (100). The box searches the first that is shown, which leads on to the others
FIRST_PLACE = 200
SEARCHED: dict[type[Model], str] = {
    ResearchOutcome: "wagtailsnippets_marketplace_researchoutcome:list",
    TechnologyNeed: "wagtailsnippets_marketplace_technologyneed:list",
    TechnologyContract: "contracts:index",
    Organisation: "organisations:index",
    TechBroker: "brokers:index",
    Deal: "deals:index",
    Lot: "lots:index",
}


class Area(SearchArea):
    """A listing that the admin's search leads to, for those who may look at it."""

    def __init__(self, model: type[Model], route: str, order: int) -> None:
        meta = model._meta
        super().__init__(capfirst(meta.verbose_name_plural), reverse(route), name=meta.model_name, order=order)
        self.model = model

    def is_shown(self, request: Any) -> bool:
        return bool(policy_registry.get_by_type(self.model).user_has_permission(request.user, "view"))


def _maker(model: type[Model], route: str, order: int) -> Callable[[], Area]:
    return lambda: Area(model, route, order)


def register_areas() -> None:
    """Tell Wagtail of the listings; their addresses are asked for when the first page of the admin is drawn."""
    for place, (model, route) in enumerate(SEARCHED.items()):
        hooks.register("register_admin_search_area", _maker(model, route, FIRST_PLACE + place))


def first_area(request: Any) -> SearchArea | None:
    """Return where the search of a person begins, as Wagtail's menu chooses it; None where they may search nothing."""
    return next(iter(admin_search_areas.search_items_for_request(request)), None)
