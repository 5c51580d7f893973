"""What is in publicity (公示), for programs: what the public page lists; objections are read by whom they concern."""

from typing import Annotated, Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from marketplace.organisations.reading import ON_A_PAGE, PAGE, Day, Listed, Shape, answer, reads
from marketplace.publicity.models import Publicity, with_subjects

router = Router(tags=["publicities"])
STATE = Query("running", description="running, ended or stopped; empty for all.", pattern="^(running|ended|stopped|)$")


class Term(Shape):
    """One term of publicity of one record."""

    code: Annotated[str, Field(description="Its page is /publicity/<code>/.")]
    matter: Annotated[str, Field(description="sale_result, lead, reward, agreed_price, trial_price or distribution")]
    title: Annotated[str, Field(description="In the language of Accept-Language where it has both.")]
    state: str
    begins_on: Day
    ends_on: Annotated[str, Field(json_schema_extra={"format": "date"}, description="Last day for objections.")]


class Publicities(Listed):
    """One page of terms, the latest first."""

    items: list[Term]


@reads(router, "publicities", Publicities, operation_id="publicities", summary="What is in publicity",
       name="api-publicities")  # fmt: skip
def publicities(request: Any, page: int = PAGE, state: str = STATE) -> HttpResponse:
    """What everybody may object to, or could."""
    return answer(request, lambda: _page(page, state))


def _page(page: int, state: str) -> Publicities:
    found = Publicity.objects.filter(state=state) if state else Publicity.objects.all()
    pages = Paginator(found.order_by("-begins_on", "-id"), ON_A_PAGE)
    terms = with_subjects(pages.page(page).object_list if page <= pages.num_pages else [])
    return Publicities(count=pages.count, page=page, pages=pages.num_pages, items=[_term(term) for term in terms])


def _term(term: Publicity) -> Term:
    return Term(
        code=term.code,
        matter=term.matter,
        title=str(term),
        state=term.state,
        begins_on=term.begins_on.isoformat(),
        ends_on=term.ends_on.isoformat(),
    )
