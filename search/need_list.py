"""The list of technology needs: its facets, orders and rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from marketplace.core import clock
from marketplace.core.money import in_wan
from marketplace.needs.models import TechnologyNeed
from search import documents
from search.engine import Hit
from search.facets import BUDGET, CLOSING, FIELD, INDUSTRY, REGION, TRL_WANTED, owner_words, words_of
from search.listing import FacetSpec, ListSpec
from search.wording import stretch_of, title_of


def rows(user: Any, codes: list[str]) -> Mapping[str, TechnologyNeed]:
    """Return the needs still visible among these codes."""
    return {need.code: need for need in documents.needs().filter(code__in=codes)}


def newest(user: Any) -> Any:
    return documents.needs().order_by("-published_at", "-pk")


def who(need: TechnologyNeed) -> str:
    """Return the enterprise's name, unless it asked not to be named."""
    return _("an enterprise (name withheld)") if need.is_anonymous else need.organisation.called


def called_to(user: Any, need: TechnologyNeed) -> str:
    """Return the enterprise's name for who may learn it, else that it is withheld."""
    return need.organisation.called if need.names_enterprise_to(user) else who(need)


def shown(need: TechnologyNeed, hit: Hit | None) -> dict[str, Any]:
    """Return what components/result.html prints of one need."""
    indicators = _("; ").join(str(indicator) for indicator in need.indicators.all()[:3])
    days = (need.deadline - clock.today()).days if need.deadline else None
    return {
        "href": need.get_absolute_url(),
        "title": title_of(need, hit),
        "summary": stretch_of(need, "problem", hit),
        "meta": [str(need.industry or need.field or ""), who(need), need.get_mode_display(), indicators],
        "tags": [],
        "low": need.budget_low,
        "high": need.budget_high,
        "due_text": "" if need.deadline is None else _("until %(day)s") % {"day": need.deadline.isoformat()},
        "due_tone": "idle" if days is None or days > 14 else "wait" if days >= 0 else "stop",
    }


def cells(need: TechnologyNeed) -> Sequence[Any]:
    return (
        need.code,
        need.title,
        who(need),
        str(need.industry or ""),
        str(need.field or ""),
        need.get_mode_display(),
        None if need.budget_low is None else in_wan(need.budget_low),
        None if need.budget_high is None else in_wan(need.budget_high),
        need.deadline,
        need.published_at,
    )


NEEDS = ListSpec(
    kind="need",
    url_name="need-list",
    template="search/need_list.html",
    facets=(
        FIELD,
        INDUSTRY,
        FacetSpec(
            "mode",
            gettext_lazy("Cooperation mode"),
            words_of(TechnologyNeed.Mode),
            values=TechnologyNeed.Mode.values,
            is_open=True,
        ),
        BUDGET,
        CLOSING,
        TRL_WANTED,
        FacetSpec("owner", gettext_lazy("Enterprise"), owner_words),
        REGION,
    ),
    sorts=(
        ("", pgettext_lazy("sort", "most relevant"), ""),
        ("newest", pgettext_lazy("sort", "newest"), "-published"),
        ("deadline", pgettext_lazy("sort", "nearest deadline"), "deadline"),
        ("-budget", pgettext_lazy("sort", "highest budget"), "-budget_high"),
    ),
    rows=rows,
    newest=newest,
    shown=shown,
    headings=(
        gettext_lazy("code"), pgettext_lazy("record", "title"), gettext_lazy("enterprise"), gettext_lazy("industry"),
        gettext_lazy("technical field"), gettext_lazy("cooperation mode"),
        gettext_lazy("budget from (10,000 yuan)"), gettext_lazy("budget to (10,000 yuan)"),
        gettext_lazy("deadline"), gettext_lazy("published at"),
    ),
    cells=cells,
)  # fmt: skip
