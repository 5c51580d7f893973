"""What may be shared of a kind of contract (促进科技成果转化法 Art. 16, 45).

Of an assignment or a licence it is the net income, of a contribution as equity the shares, of implementing an outcome
oneself or with others the profit of years. A contribution is written as an assignment and a joint implementation as
joint development (`from_deal.KINDS`): the register has no kind of its own for either. So what looks wrong is said to
those who write and approve; refused is what cannot be: by advice or a service no outcome is contributed or implemented.
"""

from django.utils.translation import gettext as _

from marketplace.contracts.choices import ContractType, SubType
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing.net_income import Basis

WITHOUT_OUTCOME = (ContractType.CONSULTING, ContractType.SERVICE)


def why_unfit(contract: TechnologyContract, basis: str) -> str | None:
    """Return why a plan of this contract cannot share this, or None."""
    if basis == Basis.INCOME or contract.contract_type not in WITHOUT_OUTCOME:
        return None
    kind = contract.get_contract_type_display()
    return _(
        "By a contract of this type (%(type)s) no outcome is contributed or implemented: share its net income."
    ) % {"type": kind}


def doubt_about(contract: TechnologyContract, basis: str) -> str:
    """Return what looks wrong about sharing this of a contract of its kind, for who writes and who approves; or ""."""
    said = {"kind": contract.get_sub_type_display()}
    if basis == Basis.SHARES and contract.contract_type != ContractType.ASSIGNMENT:
        return _(
            "Shares are formed where the technology is contributed to a company as equity, which is written as an "
            "assignment; this contract is another (%(kind)s). Is it not its net income that is shared?"
        ) % said  # fmt: skip
    if basis == Basis.PROFIT and contract.sub_type != SubType.JOINT:
        return _(
            "Profit of years is shared where the institute implements the outcome itself or with others, which is "
            "written as joint development; this contract is another (%(kind)s). Is it not its net income that is "
            "shared?"
        ) % said  # fmt: skip
    return ""


def what_fits(contract: TechnologyContract) -> str:
    """Return the rule in words, to stand beside the field."""
    return _(
        "Of an assignment or a licence its net income is shared, of a contribution as equity the shares, of "
        "implementing it oneself or with others the profit of years. This contract: %(kind)s."
    ) % {"kind": contract.get_sub_type_display()}
