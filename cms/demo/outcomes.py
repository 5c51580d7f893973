"""Outcomes: drafted, reviewed by their institute and the district, published; some still on the way."""

from collections.abc import Sequence

from cms.demo.houses import World, days_ago, waiting_step
from cms.demo.tables import rows
from marketplace.auctions.ladder import WAN
from marketplace.core import clock
from marketplace.core.choices import IPKind, ReadinessEvidence
from marketplace.core.classifications import Industry, TechnicalField
from marketplace.core.identifiers import patent_check_digit
from marketplace.organisations.models import User
from marketplace.outcomes.actions import draft_outcome, submit_outcome
from marketplace.outcomes.co_owning import answer_co_ownership
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.parts import CoOwner, Inventor, IPRight
from marketplace.reviews.actions import approve_review, return_review
from marketplace.reviews.drafts import save_draft

NAMES = (
    "苏望舒 顾清川 沈怀舟 程亦白 陆行简 许星河 林见山 赵知非 韩若溪 邓云起 "
    "冯听雨 杨砚秋 姚听泉 宋时雨 周以恒 唐怀谷 秦一苇 俞长风 方知野 严书禾"
)
INVENTORS = tuple(NAMES.split(" "))
TYPE_DIGIT = {IPKind.INVENTION: "1", IPKind.UTILITY_MODEL: "2", IPKind.DESIGN: "3"}
FIRST, LAST = 330, 25  # days ago
BEFORE_A_DEAL = 20  # days at least from its draft to the interest that became a deal
CONFIDENTIAL = "样例内容：完整工艺参数、图纸与试验原始记录，签署保密协议后可读。"
CO_OWNED = {"R03": ("photonics", 30), "D04": ("institute", 40)}  # by whom besides, and their share
# what the institute with two people shares out; the first signs in
MADE_BY = {"R03": ("陆行简", "许星河"), "R27": ("陆行简", "周以恒"), "R23": ("宋时雨", "周以恒")}
RETURNED = "寿命试验只写了次数，请补充试验条件与依据的标准。"


def make_outcomes(world: World) -> None:
    """Publish the 42 outcomes one after the other; leave the five drafts where their keys say."""
    table = rows("outcomes")
    ready = [row for row in table if row["key"].startswith("R")]
    for days, place, row in _in_time(ready):
        outcome = _draft(row, place, world, days=days)
        _send_in(outcome, row, world, days=days - 1)
        if row["key"] in CO_OWNED:
            _agree(outcome, world, days=days - 1)
        _approve(outcome, world, days=days - 2)
        _approve(outcome, world, days=days - 3, hour=15)
        world.outcomes[row["key"]] = ResearchOutcome.objects.get(pk=outcome.pk)
    unready = [row for row in table if row["key"].startswith("D")]
    for place, row in enumerate(unready):
        _leave(_draft(row, len(ready) + place, world, days=12 - place), row, world)


def _in_time(ready: list[dict[str, str]]) -> list[tuple[int, int, dict[str, str]]]:
    """Return (days ago, place in the table, row), the first drafted first: evenly over the year, but before deals."""
    deals = sorted(rows("deals"), key=lambda row: int(row["from"]))  # of several the first, which is the last here
    asked_for = {row["outcome"]: int(row["from"]) + BEFORE_A_DEAL for row in deals}
    step = (FIRST - LAST) / len(ready)
    times = [max(FIRST - int(place * step), asked_for.get(row["key"], 0)) for place, row in enumerate(ready)]
    found = [(days, place, row) for place, (days, row) in enumerate(zip(times, ready, strict=True))]
    return sorted(found, key=lambda one: (-one[0], one[1]))


def _draft(row: dict[str, str], place: int, world: World, *, days: float) -> ResearchOutcome:
    house, author = world.houses[row["owner"]], _author(row, world)
    with clock.moved_to(days_ago(days, 9, place % 60)):
        outcome = draft_outcome(organisation=house, by=author, title=row["title"])
        _write(outcome, row, place)
        _share(outcome, row["key"], world)
        save_draft(outcome, by=author)
    return outcome


def _author(row: dict[str, str], world: World) -> User:
    """At the institute with two people the publisher writes and the manager checks."""
    return world.people["publisher"] if row["owner"] == "institute2" else world.agent(row["owner"])


def _write(outcome: ResearchOutcome, row: dict[str, str], place: int) -> None:
    for name in ("title_en", "summary", "summary_en"):
        setattr(outcome, name, row[name])
    outcome.confidential = CONFIDENTIAL
    outcome.field = TechnicalField.objects.get(code=row["field"]) if row["field"] else None
    outcome.industries.set(Industry.objects.filter(code__in=row["industries"].split()))
    outcome.modes = row["modes"].split()
    outcome.inventors.set([Inventor(name=name) for name in _made_by(row["key"], place)])
    outcome.ip_rights.set(_rights(row["rights"], place))
    if row["trl"]:
        outcome.trl = int(row["trl"])
        outcome.trl_evidence = ReadinessEvidence.values[outcome.trl - 1]
        outcome.price_low, outcome.price_high = int(row["low"]) * WAN, int(row["high"]) * WAN


def _made_by(key: str, place: int) -> Sequence[str]:
    return MADE_BY.get(key) or [INVENTORS[(place * 2 + turn) % len(INVENTORS)] for turn in range(2)]


def _share(outcome: ResearchOutcome, key: str, world: World) -> None:
    """Write that another organisation holds a share, where one does; it is asked when the draft is sent in."""
    if key not in CO_OWNED:
        return
    partner, share = CO_OWNED[key]
    held, on_file = {outcome.owner: 100 - share, world.houses[partner]: share}, key.startswith("D")
    outcome.co_owners.set(
        [CoOwner(organisation=one, name=one.name, share=part, has_consented=on_file) for one, part in held.items()]
    )


def _agree(outcome: ResearchOutcome, world: World, *, days: float) -> None:
    """The co-owner agrees in the afternoon of the day it was asked."""
    asked = outcome.co_ownerships.get()
    assert asked.organisation is not None  # noqa: S101  # the demo names organisations of the platform
    with clock.moved_to(days_ago(days, 15)):
        answer_co_ownership(asked, by=world.agent_of(asked.organisation), answer="agreed")


def _rights(text: str, place: int) -> list[IPRight]:
    """Return rights with valid numbers whose serials are so low that they name no real right."""
    found: list[IPRight] = []
    for word in text.split():
        kind, _star, count = word.partition("*")
        for turn in range(int(count or 1)):
            found.append(
                IPRight(kind=kind, number=_number(IPKind(kind), serial=10 + place * 10 + len(found), year=turn))
            )
    return found


def _number(kind: IPKind, *, serial: int, year: int) -> str:
    if kind == IPKind.SOFTWARE:
        return f"{2021 + year}SR{serial:07d}"
    if kind not in TYPE_DIGIT:
        return ""
    body = f"{2019 + year}{TYPE_DIGIT[kind]}{serial:07d}"
    return f"ZL{body}.{patent_check_digit(body)}"


def _send_in(outcome: ResearchOutcome, row: dict[str, str], world: World, *, days: float) -> None:
    with clock.moved_to(days_ago(days)):
        submit_outcome(ResearchOutcome.objects.get(pk=outcome.pk), by=_author(row, world), declared=True)


def _approve(outcome: ResearchOutcome, world: World, *, days: float, hour: int = 10) -> None:
    """Pass the step that waits: the manager's first, then the district's."""
    outcome = ResearchOutcome.objects.get(pk=outcome.pk)
    waiting = waiting_step(outcome)
    stage = waiting.task.specific.stage
    by = world.agent_of(outcome.owner) if stage == "owner" else world.people["officer"]
    with clock.moved_to(days_ago(days, hour)):
        approve_review(waiting, by=by)


def _leave(outcome: ResearchOutcome, row: dict[str, str], world: World) -> None:
    """Leave each where its reader finds it.

    D01 stays a draft, and so does D05, which nearly repeats R28 of another institute and has no field yet; D02 comes
    back with a remark, D03 waits for its manager, D04 for the district and for the answer of its co-owner.
    """
    if row["key"] in ("D01", "D05"):
        return
    _send_in(outcome, row, world, days=6)
    if row["key"] == "D03":
        return
    _approve(outcome, world, days=5)
    if row["key"] == "D02":
        with clock.moved_to(days_ago(3, 15)):
            waiting = waiting_step(ResearchOutcome.objects.get(pk=outcome.pk))
            return_review(
                waiting, by=world.people["officer"], comment="请补充后再提交。", remarks={"summary": RETURNED}
            )
