"""What one deal of the demonstration has in its room: a report in two versions, terms twice, one reading."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cms.demo.houses import World, days_ago
from marketplace.core import clock
from marketplace.core.actions import read_file
from marketplace.core.papers import Paper, Text, as_pdf
from marketplace.deals.models import Deal
from marketplace.deals.talking import add_deal_file, write_terms

ROOM = "R28"  # licence of contacts, still at its price
TITLE = "触头材料电寿命检测报告（样例）"
FINDINGS = ("电寿命 8 万次，接触电阻 1.2 mΩ。", "补测 70 ℃ 条件：电寿命 7.6 万次，接触电阻 1.3 mΩ。")
FIRST: dict[str, Any] = {
    "subject": "银基触头材料配方与烧结工艺，含工艺文件一套。",
    "mode": "独占许可，限继电器触头，期限五年。",
    "price_terms": "许可费 300 万元，签约后一次付清。",
    "delivery": "三个月内完成工艺移交，样件寿命达到约定指标为合格。",
}
SECOND: dict[str, Any] = FIRST | {
    "price_terms": "许可费 280 万元，签约付 60%，验收付 40%。",
    "rights": "后续改进归改进方所有，对方有优先使用权。",
}


def _report(number: int, at: datetime) -> SimpleUploadedFile:
    words = [Text([FINDINGS[number]])]
    paper = Paper(title=TITLE, subject="", number=f"YB-{number + 1}", dated=at, blocks=list(words))
    return SimpleUploadedFile(f"检测报告{number + 1}.pdf", as_pdf(paper), content_type="application/pdf")


def make_room(world: World) -> None:
    """Lay down documents and terms in one deal, as both sides would over two weeks."""
    deal = Deal.objects.get(outcome=world.outcomes[ROOM])
    sells: dict[str, Any] = {"by": world.agent_of(deal.seller), "organisation": deal.seller}
    buys: dict[str, Any] = {"by": world.agent("bidder"), "organisation": deal.buyer}
    for number, ago in enumerate((40, 33)):
        at = days_ago(ago)
        with clock.moved_to(at):
            file = add_deal_file(deal, upload=_report(number, at), purpose="other", title=TITLE, **sells)
    with clock.moved_to(days_ago(32, 15)):
        read_file(file, **buys)
    with clock.moved_to(days_ago(31)):
        write_terms(deal, **sells, **FIRST)
    with clock.moved_to(days_ago(30)):
        write_terms(deal, **buys, **SECOND)
