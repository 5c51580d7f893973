"""Needs: drafted by enterprises, checked by a liaison, published by the district; and their matches."""

from datetime import timedelta

from cms.demo.houses import World, days_ago, waiting_step
from cms.demo.tables import rows
from marketplace.auctions.ladder import WAN
from marketplace.brokers.models import TechBroker
from marketplace.core import clock
from marketplace.core.classifications import Industry, TechnicalField
from marketplace.matching.actions import accept_match, decline_match
from marketplace.matching.by_hand import add_match, pin_match
from marketplace.matching.choosing import best
from marketplace.matching.inviting import invite_broker
from marketplace.matching.models import Match
from marketplace.matching.proposing import propose_matches
from marketplace.needs.actions import draft_need, solve_need, submit_need
from marketplace.needs.models import TargetIndicator, TechnologyNeed
from marketplace.organisations.models import User
from marketplace.outcomes.models import ResearchOutcome
from marketplace.reviews.actions import approve_review
from marketplace.reviews.drafts import save_draft
from search import stop_phrases
from search.indexing import rebuild_index
from search.matching import candidates_for_need
from tasks.delivery import MATCHING, note_done

FIRST, LAST = 240, 16  # days ago


def make_needs(world: World) -> None:
    """Publish the 30 needs; one more waits for the liaison."""
    table = rows("needs")
    for place, row in enumerate(table):
        days = FIRST - place * (FIRST - LAST) // len(table)
        if row["key"].startswith("D"):
            days = 4
        need = _draft(row, world, days=days)
        if row["key"].startswith("N"):
            _approve(need, world.people["liaison"], days=days - 1)
            _approve(need, world.people["officer"], days=days - 2)
            world.needs[row["key"]] = TechnologyNeed.objects.get(pk=need.pk)


def _draft(row: dict[str, str], world: World, *, days: float) -> TechnologyNeed:
    by = world.agent(row["house"])
    with clock.moved_to(days_ago(days, 11)):
        need = draft_need(organisation=world.houses[row["house"]], by=by, title=row["title"])
        _write(need, row)
        save_draft(need, by=by)
        submit_need(TechnologyNeed.objects.get(pk=need.pk), by=by)
    return need


def _write(need: TechnologyNeed, row: dict[str, str]) -> None:
    need.title_en, need.problem, need.mode = row["title_en"], row["problem"], row["mode"]
    need.is_anonymous = row["anonymous"] == "1"
    need.trl_wanted = int(row["trl"]) if row["trl"] else None
    need.field = TechnicalField.objects.get(code=row["field"])
    need.industry = Industry.objects.get(code=row["industry"])
    need.budget_low, need.budget_high = int(row["low"]) * WAN, int(row["high"]) * WAN
    need.deadline = days_ago(0).date() + timedelta(days=30 * int(row["months"]))
    need.indicators.set([_indicator(text) for text in row["indicators"].split(";")])


def _indicator(text: str) -> TargetIndicator:
    """Read "节拍 le 4 s": name, comparison, value, unit."""
    name, comparison, rest = text.split(" ", 2)
    if comparison == "text":
        return TargetIndicator(name=name, comparison=comparison, value=rest)
    value, _space, unit = rest.partition(" ")
    return TargetIndicator(name=name, comparison=comparison, value=value, unit=unit)


def _approve(need: TechnologyNeed, by: User, *, days: float) -> None:
    with clock.moved_to(days_ago(days, 14)):
        approve_review(waiting_step(TechnologyNeed.objects.get(pk=need.pk)), by=by)


def make_matches(world: World) -> None:
    """Let the real search propose for every need, then let some sides answer."""
    for kind in ("outcome", "need"):
        rebuild_index(kind)
    stop_phrases.learn()
    for need in world.needs.values():
        _propose_in_time(need)
    note_done(MATCHING)  # what waited while outcomes and needs were published
    _answer(world)
    _by_hand(world)
    _invite_broker(world)


def _propose_in_time(need: TechnologyNeed) -> None:
    """Propose what search finds for a need, each pair when the later of the two was published."""
    pairs = best(candidates_for_need(need))
    published = dict(
        ResearchOutcome.objects.filter(pk__in=[pair.outcome_id for pair in pairs]).values_list("pk", "published_at")
    )
    times = {key: max(at, need.published_at) for key, at in published.items() if at and need.published_at}
    for at in sorted(set(times.values())):
        with clock.moved_to(at):
            propose_matches(need, [pair for pair in pairs if times[pair.outcome_id] <= at])


def solve_one(world: World) -> None:
    """The shoe factory bought what its need asked for, and says so."""
    with clock.moved_to(days_ago(3, 15)):
        solve_need(world.needs["N11"], by=world.agent("footwear"))


def _by_hand(world: World) -> None:
    """An officer adds a match search did not find, and the enterprise that signs in pins the strongest of one need."""
    enterprise, officer, need = world.houses["enterprise"], world.people["officer"], world.needs["N01"]
    strongest = Match.objects.proposed().filter(need=need).order_by("-score", "pk").first()
    with clock.moved_to(days_ago(6, 10)):
        if strongest is not None:
            reason = "技术负责人看过检测报告，优先联系。"
            pin_match(strongest, by=world.agent_of(enterprise), organisation=enterprise, reason=reason)
        taken = need.matches.values("outcome")
        offered = (
            ResearchOutcome.objects.listed().filter(state="available").exclude(pk__in=taken).order_by("pk").first()
        )
        if offered is not None:
            reason = "走访时企业提到这一方向，请双方看看。"
            add_match(need, offered, by=officer, organisation=None, reason=reason)
        propose_matches(need, candidates_for_need(need))


def _invite_broker(world: World) -> None:
    """The enterprise that signs in invites a broker for its first need; the broker has not answered."""
    enterprise, need = world.houses["enterprise"], world.needs["N01"]
    broker = TechBroker.objects.exclude(user=None).valid(clock.now()).order_by("pk").first()
    if broker is not None:
        with clock.moved_to(days_ago(3, 10)):
            message = "希望找到静态功耗低于 20 µA 的成熟方案，请帮助联系并组织一次现场测试。"
            invite_broker(broker, need, by=world.agent_of(enterprise), organisation=enterprise, message=message)


def _answer(world: World) -> None:
    """Leave the enterprise that signs in its proposals; of the others some agree, some wait, some decline."""
    others = Match.objects.proposed().exclude(need__organisation=world.houses["enterprise"]).order_by("-score", "pk")
    for place, match in enumerate(others[:16]):
        asking, owning = match.need.organisation, match.outcome.owner
        with clock.moved_to(days_ago(9 - place % 4, 9, place)):
            if place % 4 == 3:
                reason = [Match.Reason.READINESS, Match.Reason.PRICE, Match.Reason.INDICATORS][place // 4 % 3]
                decline_match(match, by=world.agent_of(asking), organisation=asking, reason=reason)
                continue
            accept_match(match, by=world.agent_of(asking), organisation=asking)
            if place % 4 < 2:
                accept_match(match, by=world.agent_of(owning), organisation=owning)
