"""Every address of the Wagtail admin, filled in with records of the world."""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import Group
from django.urls import get_resolver
from wagtail.models import Collection, Locale, Site

ADMIN = "admin/"
# Wagtail's way to see one's own error page; and the way in and out, which the portal's gates have tests of
NOT_WALKED = ("failwhale/", "login/", "logout/", "password_reset/", ".*/")
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
NAMED = re.compile(r"\(\?P(<\w+>)(?:[^()]|\([^()]*\))*\)")


def _routes(resolver: Any = None, before: str = "") -> Iterator[str]:
    for each in (resolver or get_resolver()).url_patterns:
        here = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from _routes(each, here)
        elif here.startswith(ADMIN):
            yield NAMED.sub(r"\1", here.removeprefix(ADMIN)).replace("^", "").replace("$", "").replace("\\", "")


def _subjects(world: SimpleNamespace) -> dict[str, Any]:
    """Return {beginning of an address: the record it is about}."""
    return {
        "pages/": world.home,
        "snippets/marketplace/researchoutcome/": world.in_review,
        "snippets/marketplace/technologyneed/": world.need,
        "organisations/": world.institute,
        "brokers/": world.broker,
        "broker-schemes/": world.scheme,
        "broker-rules/": world.broker_rule,
        "evaluation-rules/": world.evaluation_rule,
        "matches/": world.match,
        "invitations/": world.invitation,
        "deals/": world.deal,
        "contracts/": world.contract,
        "deal-rules/": world.deal_rule,
        "imports/": world.batch,
        "sharing-rules/": world.sharing_rule,
        "clause-texts/": world.clause_text,
        "registration-rules/": world.registration_rule,
        "sessions/": world.session,
        "lots/": world.lot,
        "registrations/": world.registration,
        "deposits/": world.deposit,
        "synonyms/": world.synonym,
        "stop-phrases/": world.stop_phrase,
        "users/": world.people["stranger"],
        "groups/": Group.objects.get(name="officer"),
        "sites/": Site.objects.get(),
        "locales/": Locale.objects.first(),
        "collections/": Collection.objects.first(),
    }


def admin_addresses(world: SimpleNamespace) -> list[str]:
    """Return the addresses, each about a record of the world where it is about one."""
    subjects, page = _subjects(world), world.home
    step = world.in_review.pending_review
    given = {
        "action_name": "approve",
        "task_state_id": step.pk,
        "task_id": step.task_id,
        "workflow_state_id": step.workflow_state_id,
        "revision_id": world.in_review.latest_revision_id,
        "revision_id_a": "live",
        "revision_id_b": "latest",
        "app_label": "marketplace",
        "model_name": "researchoutcome",
        "action": "delete",
        "content_type_app_name": "cms",
        "content_type_model_name": page.specific_class._meta.model_name,
        "filter_spec": "width-100",
        "object_id": world.in_review.pk,
        "app_name": "cms",
    }
    found = []
    for route in sorted(set(_routes())):
        if not route.startswith(NOT_WALKED):
            subject = next((each for start, each in subjects.items() if route.startswith(start)), page)
            found.append("/admin/" + PLACE.sub(lambda place, of=subject: str(given.get(place[1], of.pk)), route))
    return found
