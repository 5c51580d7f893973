"""Lists of contracts in the order and words of the national system (全国技术合同管理与服务系统; domain.md §4.2).

Headings stay in Chinese in every language: they are the names of the national form's fields.
"""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import translation

from marketplace.contracts.joint import Part, parts_of
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.party import PartyData, Side
from marketplace.core.money import in_yuan

Column = tuple[str, str, Callable[[TechnologyContract], Any]]


def _yes(value: Any) -> str:
    return "" if value is None else "是" if value else "否"


def _yuan(fen: int | None) -> Decimal | str:
    return "" if fen is None else in_yuan(fen)


def _of(side: Side, ask: Callable[[PartyData], Any]) -> Callable[[TechnologyContract], Any]:
    """Return what a column says of one side: nothing where its data was not written."""

    def value(contract: TechnologyContract) -> Any:
        data = next((each for each in contract.party_data.all() if each.side == side), None)
        return "" if data is None else ask(data)

    return value


def _enterprise(ask: Callable[[PartyData], Any]) -> Callable[[PartyData], Any]:
    """Leave empty what is asked of enterprises only."""
    return lambda data: ask(data) if data.is_enterprise else ""


def _party_columns(side: Side, label: str) -> tuple[Column, ...]:
    """Return the columns about one side; the national system's names are known of the buyer's."""
    asked: tuple[tuple[str, str, Callable[[PartyData], Any]], ...] = (
        ("type", "性质", lambda data: f"{data.kind} {data.get_kind_display()}"),
        ("_jszyjg", "是否技术转移机构", lambda data: _yes(data.is_transfer_org)),
        ("_isyfjg", "是否研发机构", lambda data: _yes(data.is_rd_org)),
        ("_zzkyys", "是否转制科研院所", lambda data: _yes(data.is_converted)),
        ("_countrygxqqy", "是否国家高新区内企业", _enterprise(lambda data: _yes(data.in_hitech_zone))),
        ("_islist", "是否上市公司", _enterprise(lambda data: _yes(data.is_listed))),
        ("_scale", "企业规模", lambda data: data.get_scale_display()),
        ("", "国民经济行业", lambda data: str(data.industry or "")),
        ("", "国别代码", lambda data: data.country),
        ("_address", "地址", lambda data: data.address),
        ("_representative", "法定代表人", lambda data: data.representative),
        ("_contact", "联系人", lambda data: data.contact),
        ("_contacttel", "联系电话", lambda data: data.phone),
        ("_zipcode", "邮政编码", lambda data: data.postcode),
    )
    prefix = "buyer" if side == Side.BUYER else ""
    return tuple(
        (f"{prefix}{name}" if prefix and name else "", f"{label}{head}", _of(side, ask)) for name, head, ask in asked
    )


def _field(contract: TechnologyContract) -> str:
    """Return both levels of the technical field, "一级/二级"; a field of the first level alone."""
    field = contract.field
    return "" if field is None else f"{field.parent}/{field}" if field.parent else str(field)


def _parts(contract: TechnologyContract, amount: int) -> list[Part]:
    """Return what each of several sellers has of an amount; nothing where one sells alone."""
    parts = parts_of(contract, amount)
    return parts if len(parts) > 1 else []


def _shares(contract: TechnologyContract) -> str:
    return "；".join(f"{part.name} {part.percent.normalize():f}%" for part in _parts(contract, contract.total_amount))


def _amounts(contract: TechnologyContract, amount: int) -> str:
    return "；".join(f"{part.name} {in_yuan(part.amount)}" for part in _parts(contract, amount))


COLUMNS: tuple[Column, ...] = (
    ("projectname", "项目名称", lambda contract: contract.project_name),
    ("contracttype", "合同类型", lambda contract: contract.get_contract_type_display()),
    ("", "合同类别", lambda contract: contract.get_sub_type_display()),
    ("buyername", "买方名称", lambda contract: contract.buyer_name),
    ("", "买方统一社会信用代码", lambda contract: contract.buyer_uscc),
    ("", "买方行政区划代码", lambda contract: contract.buyer_region),
    ("", "卖方名称", lambda contract: contract.seller.name),
    ("", "卖方统一社会信用代码", lambda contract: contract.seller.uscc),
    ("", "卖方行政区划代码", lambda contract: contract.seller_region),
    ("totalamount", "合同成交总额（元）", lambda contract: in_yuan(contract.total_amount)),
    ("technicalamount", "技术交易额（元）", lambda contract: in_yuan(contract.technical_amount)),
    ("signdate", "合同签订日期", lambda contract: contract.signed_on),
    ("contractbegindate", "合同有效期起", lambda contract: contract.begins_on),
    ("contractenddate", "合同有效期止", lambda contract: contract.ends_on),
    ("paymethod", "支付方式", lambda contract: contract.get_payment_display()),
    ("isrelated", "关联交易", lambda contract: "是" if contract.is_related_party else "否"),
    ("projectplantype", "项目计划来源", lambda contract: contract.get_plan_source_display()),
    ("ipr", "知识产权", lambda contract: contract.get_ip_kind_display()),
    ("techarea", "技术领域", _field),
    ("", "社会经济目标", lambda contract: contract.get_objective_display()),
    ("", "预计新增投入（元）", lambda contract: _yuan(contract.expected_investment)),
    ("", "预计新增产值（元）", lambda contract: _yuan(contract.expected_output)),
    *_party_columns(Side.BUYER, "买方"),
    *_party_columns(Side.SELLER, "卖方"),
    ("", "状态", lambda contract: contract.get_state_display()),
    ("", "提前终止", lambda contract: contract.end_label),
    ("", "合同登记编号", lambda contract: contract.number or ""),
    ("", "登记日期", lambda contract: contract.registered_on),
    ("", "平台编码", lambda contract: contract.code),
    # the national form has one seller: the others stand behind its fields
    ("", "共同卖方及份额", _shares),
    ("", "共同卖方成交总额（元）", lambda contract: _amounts(contract, contract.total_amount)),
    ("", "共同卖方技术交易额（元）", lambda contract: _amounts(contract, contract.technical_amount)),
)
# figures that are names, not amounts: a spreadsheet would drop zeros before them and digits behind
TEXTS = {
    place
    for place, (_name, label, _value) in enumerate(COLUMNS)
    if label.endswith(("信用代码", "区划代码", "国别代码", "电话", "邮政编码", "登记编号", "平台编码"))
}
READ = ("seller", "field__parent", "joint_sellers", "party_data__industry")


def headings() -> list[str]:
    """Return the column heads: the Chinese label, with the national system's field name where it is known."""
    return [f"{label} {name}".strip() for name, label, _value in COLUMNS]


def rows(contracts: Iterable[TechnologyContract]) -> list[list[Any]]:
    """Return one row per contract; values of lists in the words of the national form, which are Chinese."""
    listed = list(contracts)
    prefetch_related_objects(listed, *READ)
    with translation.override("zh-hans"):
        return [[str_or_same(value(contract)) for _name, _label, value in COLUMNS] for contract in listed]


def str_or_same(value: Any) -> Any:
    """Return lazy translations as text now, days and amounts as they are."""
    return value if value is None or isinstance(value, date | Decimal) else str(value)
