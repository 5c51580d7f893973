"""Contracts for programs: one's own as the list shows them, and of each with a number what everybody may check."""

from typing import Annotated, Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Router
from pydantic import Field

from marketplace.contracts.listing import asked_for
from marketplace.contracts.models import TechnologyContract
from marketplace.organisations.models import AccessToken
from marketplace.organisations.reading import PAGE, Day, Fen, Listed, Shape, answer, page_of, reads

router = Router(tags=["contracts"])
STATE = Query("", description="One state, such as registered; empty for all.")


class Registration(Shape):
    """What everybody may check of a registered contract: never amounts, contacts or text."""

    code: str
    state: str
    stands: Annotated[bool, Field(description="Whether it stands in the register now.")]
    number: Annotated[str, Field(description="合同登记编号.")]
    registered_on: Day
    terminated_on: Annotated[Day | None, Field(description="The day it ended before its time, once it has come.")]
    contract_type: Annotated[str, Field(description="KF, ZR, XK, ZX or FW.")]
    seller: str
    joint_sellers: Annotated[list[str], Field(description="The other sellers of a joint contract.")]
    buyer: str


class Contract(Shape):
    """A contract as the list shows it to its parties, its broker and the register."""

    code: str
    state: str
    project_name: str
    contract_type: str
    sub_type: str
    seller: str
    buyer: str
    total_amount: Fen
    technical_amount: Fen
    number: str | None
    signed_on: Day | None
    registered_on: Day | None
    terminated_on: Annotated[Day | None, Field(description="The day it ends or ended before its time.")]
    terminated_how: Annotated[str, Field(description="agreed, breach or disputed; empty where it runs its time.")]


class Contracts(Listed):
    """One page of contracts, the newest first."""

    items: list[Contract]


def _contract(contract: TechnologyContract) -> Contract:
    return Contract(
        code=contract.code,
        state=contract.state,
        project_name=contract.project_name,
        contract_type=contract.contract_type,
        sub_type=contract.sub_type,
        seller=contract.seller.name,
        buyer=contract.buyer_name,
        total_amount=contract.total_amount,
        technical_amount=contract.technical_amount,
        number=contract.number,
        signed_on=contract.signed_on and contract.signed_on.isoformat(),
        registered_on=contract.registered_on and contract.registered_on.isoformat(),
        terminated_on=contract.terminated_on and contract.terminated_on.isoformat(),
        terminated_how=contract.terminated_how,
    )


@reads(
    router, "contracts", Contracts, operation_id="contracts", summary="Contracts you may see", name="api-contracts",
    is_public=False,
)  # fmt: skip
def contracts(request: Any, page: int = PAGE, state: str = STATE) -> HttpResponse:
    """The contracts of the own organisations, and all for officers and auditors; by token those of its organisation."""
    found = asked_for(request.user, {"state": state}).select_related("seller")
    if isinstance(request.auth, AccessToken):
        found = found.filter(Q(seller=request.organisation) | Q(buyer=request.organisation))
    return answer(request, lambda: page_of(Contracts, found, page, _contract))


@reads(
    router, "contracts/{code}/registration", Registration, operation_id="registration",
    summary="Check a registration by its code", name="api-registration",
)  # fmt: skip
def registration(
    request: Any, code: str = Path(..., description="Code of the contract, from its notice or QR code.")
) -> HttpResponse:
    """What the page /verify/ says of a registered contract. Found by its random code only, never by its number."""
    return answer(request, lambda: _registration(code))


def _registration(code: str) -> Registration:
    numbered = TechnologyContract.objects.filter(number__isnull=False).select_related("seller")
    contract: Any = get_object_or_404(numbered, code=code)
    return Registration(
        code=contract.code,
        state=contract.state,
        stands=contract.stands,
        number=contract.number,
        registered_on=contract.registered_on.isoformat(),
        terminated_on=contract.terminated_on.isoformat() if contract.is_terminated else None,
        contract_type=contract.contract_type,
        seller=contract.seller.name,
        joint_sellers=list(contract.joint_sellers.values_list("name", flat=True)),
        buyer=contract.buyer_name,
    )
