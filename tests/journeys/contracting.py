"""The last part of the journey: the contract of the sale is written, registered, and counted on the board."""

import re
from datetime import timedelta

from marketplace.core import clock
from marketplace.core.money import FEN_PER_WAN
from tests.journeys.offering import OUTCOME
from tests.journeys.people import Walker
from tests.marketplace.contracts.factories import PDF, number_of

NUMBER = number_of(777)
PROTOTYPE = 15 * FEN_PER_WAN
SCAN = {"name": "技术转让合同.pdf", "mimeType": "application/pdf", "buffer": PDF}


def seller_draws_up_the_contract(seller: Walker, *, price: int) -> None:
    """Two line items make up the price (fen): the technology, and a prototype that is not technical."""
    today = clock.today()
    seller.take_from_desk("起草或补全合同，提交登记")
    seller.press("起草合同")
    seller.look_narrow()
    seller.page.get_by_role("button", name="增加一项").click()
    seller.type(
        payment="once",
        signed_on=str(today),
        begins_on=str(today),
        ends_on=str(today + timedelta(days=365)),
        items__0__label="发明专利转让",
        items__0__amount=str((price - PROTOTYPE) // FEN_PER_WAN),
        items__1__label="样机与工装",
        items__1__amount=str(PROTOTYPE // FEN_PER_WAN),
        ip_kind="invention",
        objective="industry",
    )
    seller.field("items-1-is_technical").uncheck()
    seller.press("保存")


def seller_submits_the_contract(seller: Walker) -> str:
    """Upload the signed contract, send it; return the contract's address."""
    seller.type(file=SCAN)
    seller.press("上传")
    seller.confirm("提交", "送交登记")
    seller.look_narrow()
    return seller.address


def registrar_registers_the_contract(registrar: Walker) -> None:
    registrar.take_from_desk(f"审核合同：{OUTCOME}")
    registrar.press("受理")
    registrar.follow("登记合同")
    registrar.type(number=NUMBER)
    registrar.confirm("登记合同", "登记合同", repeats=f"登记编号 {NUMBER}")
    registrar.sees(NUMBER)


def figure_on_the_board(reader: Walker) -> int:
    """Return 技术合同登记额 as the board says it, in 元."""
    reader.open("/board/")
    tile = reader.page.locator(".tile").filter(has=reader.page.get_by_text("技术合同登记额")).first
    said = tile.locator("dd").first.inner_text()
    number, unit = re.match(r"([\d,.]+)\s*(\S+)", said.strip()).groups()
    return round(float(number.replace(",", "")) * {"万元": 10_000, "亿元": 100_000_000, "元": 1}[unit])


def board_opens_the_contract(reader: Walker, contract: str) -> None:
    reader.follow("看记录 技术合同登记额")
    reader.look_narrow()
    reader.follow(OUTCOME)
    assert reader.address == contract
    reader.sees(NUMBER)
