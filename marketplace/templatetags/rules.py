"""The tag that lets a template ask a rule by the name of the action it guards."""

import inspect
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

from django import template
from django.core.exceptions import ImproperlyConfigured

import marketplace
from marketplace.core.rules import Rule
from marketplace.core.rules import why_not as ask

register = template.Library()


@cache
def rules_by_name() -> dict[str, Rule]:
    """Return every rule of every noun by its name; two of the same name are a fault of ours."""
    found: dict[str, Rule] = {}
    for path in _rooms_of_rules():
        module = import_module(path)
        for name, rule in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("_") or rule.__module__ != path:
                continue
            if name in found:
                raise ImproperlyConfigured(f"Two rules are named {name}: in {found[name].__module__} and {path}.")
            found[name] = rule
    return found


def _rooms_of_rules() -> Iterator[str]:
    """Yield where rules stand: in a noun's `rules`, and where it has many in rooms beside it named `rules_of_…`."""
    for noun in pkgutil.iter_modules(marketplace.__path__):
        if not noun.ispkg or noun.name in ("core", "templatetags"):
            continue
        package = import_module(f"marketplace.{noun.name}")
        for room in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            name = room.name.rpartition(".")[2]
            if name == "rules" or name.startswith("rules_of_"):
                yield room.name


@register.simple_tag(takes_context=True)
def why_not(context: template.Context, name: str, *subjects: Any, **details: Any) -> str | None:
    """Return why the signed-in person may not do `name` to the subjects, or None if they may.

    Where the rule takes `organisation`, the one the person acts for is passed.
    """
    rule = rules_by_name().get(name)
    if rule is None:
        raise template.TemplateSyntaxError(f"No rule is named {name}.")
    request = context["request"]
    signature = inspect.signature(rule)
    given = signature.bind_partial(request.user, *subjects, **details).arguments
    if "organisation" in signature.parameters and "organisation" not in given:
        details["organisation"] = getattr(request, "organisation", None)
    return ask(rule, request.user, *subjects, **details)
