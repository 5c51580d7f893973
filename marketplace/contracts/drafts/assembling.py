"""What a draft says: the parties, the clauses that hold today, and what contract and deal know of each.

A draft is Chinese in every language of the reader: it is the paper the parties sign. What is not known yet is a blank
to fill in by hand. The buyer is party A, the seller party B, as in the model contracts of the national register.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.timezone import localtime

from marketplace.contracts.choices import ContractType
from marketplace.contracts.drafts.clauses import Clause, ClauseText
from marketplace.contracts.drafts.refusals import ClausesMissing
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.party import PartyData, Side
from marketplace.core.money import format_exact, format_yuan
from marketplace.core.papers import Block, Facts, Paper, Signatures, Table, Text

BLANK = "________"
TITLES = {
    ContractType.DEVELOPMENT: "技术开发合同",
    ContractType.ASSIGNMENT: "技术转让合同",
    ContractType.LICENCE: "技术许可合同",
    ContractType.CONSULTING: "技术咨询合同",
    ContractType.SERVICE: "技术服务合同",
}
HEADINGS = {
    Clause.SUBJECT: "合同标的",
    Clause.PRICE: "价款、报酬及支付方式",
    Clause.PERFORMANCE: "履行期限、地点和方式",
    Clause.ACCEPTANCE: "交付与验收",
    Clause.SECRECY: "技术情报和资料的保密",
    Clause.RESULTS: "技术成果的归属与权利保证",
    Clause.IMPROVEMENTS: "后续改进成果的归属",
    Clause.WARRANTY: "风险责任与侵权责任",
    Clause.BREACH: "违约责任",
    Clause.DISPUTES: "争议的解决",
    Clause.FINAL: "其他约定",
}
ORDINALS = "一二三四五六七八九十"
# what a term sheet's clause adds to which clause of the draft
AGREED = {
    Clause.SUBJECT: ("subject", "mode"),
    Clause.PRICE: ("price_terms",),
    Clause.ACCEPTANCE: ("delivery",),
    Clause.SECRECY: ("secrecy",),
    Clause.IMPROVEMENTS: ("rights",),
    Clause.BREACH: ("liability",),
    Clause.FINAL: ("other",),
}


def texts_for(contract: TechnologyContract, *, on: date) -> list[ClauseText]:
    """Return the text of every clause for the contract's kind on a day, in their order. Raises ClausesMissing."""
    found = ClauseText.objects.for_kind(contract.sub_type, on=on)
    lacking = [clause for clause in Clause if clause not in found]
    if lacking:
        raise ClausesMissing(clauses="、".join(str(clause.label) for clause in lacking))
    return [found[clause] for clause in Clause]


def draft_paper(contract: TechnologyContract, texts: Sequence[ClauseText], *, version: int, at: datetime) -> Paper:
    """Return a draft of the contract, in Chinese whatever the reader's language."""
    with translation.override("zh-hans"):
        values, agreed = _values(contract), _agreed(contract)
        blocks: list[Block] = [
            Facts(_party(contract, Side.BUYER), heading="甲方（买方）"),
            Facts(_party(contract, Side.SELLER), heading="乙方（卖方）"),
        ]
        for place, text in enumerate(texts):
            heading = f"第{_ordinal(place + 1)}条 {HEADINGS[Clause(text.clause)]}"
            said = [*text.filled(values), *agreed.get(text.clause, ())]
            blocks.append(Text(said, heading=heading))
            blocks += MORE.get(text.clause, _nothing)(contract)
        blocks.append(Signatures(["甲方（盖章）、代表人签字、日期", "乙方（盖章）、代表人签字、日期"]))
        title = f"{TITLES[ContractType(contract.contract_type)]}（草案）"
        return Paper(title, contract.project_name, f"{contract.code} 第 {version} 稿", at, blocks)


def _ordinal(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("十" if tens else "") + (ORDINALS[ones - 1] if ones else "")


def _nothing(contract: TechnologyContract) -> list[Block]:
    return []


def _party(contract: TechnologyContract, side: Side) -> list[tuple[str, str]]:
    data: PartyData | None = contract.party_data.filter(side=side).first()
    is_buyer = side == Side.BUYER
    rows = [
        ("名称", contract.buyer_name if is_buyer else contract.seller.name),
        ("统一社会信用代码", contract.buyer_uscc if is_buyer else contract.seller.uscc),
        ("地址", data.address if data else BLANK),
        ("法定代表人", data.representative if data else BLANK),
        ("联系人及电话", f"{data.contact} {data.phone}" if data else BLANK),
    ]
    if not is_buyer:
        rows += [
            ("共同卖方", f"{each.name}（{each.uscc}），份额 {each.percent}%") for each in contract.joint_sellers.all()
        ]
    return rows


def _values(contract: TechnologyContract) -> dict[str, str]:
    rights = contract.outcome.ip_rights.all() if contract.outcome else ()
    return {
        "project": contract.project_name,
        "outcome": contract.outcome.title if contract.outcome else contract.project_name,
        "rights": "；".join(f"{right.get_kind_display()} {right.number}".strip() for right in rights) or BLANK,
        "field": str(contract.field or BLANK),
        "total": format_exact(contract.total_amount) if contract.total_amount else BLANK,
        "technical": format_exact(contract.technical_amount) if contract.total_amount else BLANK,
        "begins": _day(contract.begins_on),
        "ends": _day(contract.ends_on),
    }


def _day(day: date | None) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日" if day else BLANK


def _agreed(contract: TechnologyContract) -> dict[str, list[str]]:
    """Return {clause: paragraphs} of the deal's last term sheet."""
    sheet = contract.deal.term_sheets.order_by("-version").first() if contract.deal else None
    found: dict[str, list[str]] = {}
    for clause, names in AGREED.items():
        said = [getattr(sheet, name).strip() for name in names] if sheet is not None else []
        found[clause] = [f"双方约定：{words}" for words in said if words]
    return found


def _price(contract: TechnologyContract) -> list[Block]:
    items = [
        (item.label, format_yuan(item.amount), "是" if item.is_technical else "否") for item in contract.items.all()
    ]
    blocks: list[Block] = (
        [Table(["款项", "金额（元）", "技术性"], items, numbers=(1,), widths=(6, 3, 2))] if items else []
    )
    blocks.append(Text([f"支付方式：{contract.get_payment_display() or BLANK}。"]))
    planned = [
        (_day(each.due_on), format_yuan(each.amount), each.condition or "—") for each in contract.instalments.standing()
    ]
    if planned:
        blocks.append(Table(["付款日期", "金额（元）", "付款条件"], planned, numbers=(1,), widths=(3, 3, 5)))
    return blocks


def _secrecy(contract: TechnologyContract) -> list[Block]:
    """Name the confidentiality both sides accepted in the deal, which goes on."""
    accepted = list(contract.deal.nda_acceptances.order_by("accepted_at")) if contract.deal else []
    if not accepted:
        return []
    last = _day(localtime(accepted[-1].accepted_at).date())
    words = f"双方已于 {last} 在平台接受保密条款（版本 {accepted[-1].version}），该条款继续有效。"
    return [Text([words])]


def _performance(contract: TechnologyContract) -> list[Block]:
    rows: list[tuple[Any, ...]] = [
        (str(place), each.title, _day(each.due_on))
        for place, each in enumerate(contract.milestones.standing(), start=1)
    ]
    return [Table(["序号", "进度节点", "完成期限"], rows, widths=(1, 6, 3))] if rows else []


MORE: dict[str, Callable[[TechnologyContract], list[Block]]] = {
    Clause.PRICE: _price,
    Clause.PERFORMANCE: _performance,
    Clause.SECRECY: _secrecy,
}
