"""What the national form asks about both parties of a contract, invented for each."""

from typing import Any

from cms.demo.houses import World
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.party import PartyKind, Scale, Side
from marketplace.contracts.party_writing import keep_party_data
from marketplace.core.classifications import Industry
from marketplace.organisations.models import Organisation

FLAGS = {
    "is_transfer_org": False,
    "is_rd_org": False,
    "is_converted": False,
    "in_hitech_zone": False,
    "is_listed": False,
}
ENTERPRISE: dict[str, Any] = FLAGS | {"kind": PartyKind.LIMITED, "scale": Scale.MEDIUM, "in_hitech_zone": True}
INSTITUTE: dict[str, Any] = FLAGS | {"kind": PartyKind.RESEARCH, "scale": "", "is_rd_org": True}


def keep_parties(contract: TechnologyContract, world: World, *, phone: str = "") -> None:
    """Enter both sides, as the seller's clerk does before a contract is sent; `phone` is one given for both."""
    is_institute = contract.seller.kind == Organisation.Kind.INSTITUTE
    research, own = Industry.objects.get(code="M73"), _industry(contract)
    seller = INSTITUTE | {"industry": research} if is_institute else ENTERPRISE | {"industry": own or research}
    both = {"phone": phone} if phone else {}
    parties = {
        Side.SELLER.value: seller | _reached("卖方", 1) | both,
        Side.BUYER.value: ENTERPRISE | _reached("买方", 2) | {"industry": own or research} | both,
    }
    keep_party_data(contract, by=world.agent_of(contract.seller), parties=parties)


def _industry(contract: TechnologyContract) -> Any:
    return contract.outcome.industries.order_by("code").first() if contract.outcome else None


def _reached(side: str, number: int) -> dict[str, Any]:
    return {
        "country": "156",
        "address": f"浙江省温州市瓯海区样例路 {number} 号",
        "representative": f"样例{side}法人",
        "contact": f"样例{side}联系人",
        "phone": f"0577-0000000{number}",
        "postcode": "325000",
    }
