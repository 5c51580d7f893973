"""What an organisation may offer to one need: its outcomes, and where each stands with that need."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from marketplace.matching import choosing
from marketplace.matching.models import Answer, Match, Side
from marketplace.matching.offering import why_not_again
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation
from marketplace.outcomes.models import ResearchOutcome


@dataclass(frozen=True)
class Offer:
    """An outcome, its match with the need if there is one, in words, and whether it may be offered now."""

    outcome: ResearchOutcome
    match: Match | None
    words: str
    tone: str
    may_be_offered: bool


def outcomes_to_offer(organisation: Organisation, need: TechnologyNeed, *, text: str = "") -> QuerySet[ResearchOutcome]:
    """Return the outcomes of an organisation that are on offer, the likeliest first.

    What search proposed for the need, then those of its field, then of its industry, then the newest.

    `text` narrows them to those that hold each of its words in number, titles or summary.
    """
    nearness = Match.objects.proposed().filter(need=need, outcome=OuterRef("pk")).values("score")
    found = ResearchOutcome.objects.on_offer().filter(owner=organisation).annotate(nearness=Subquery(nearness))
    for word in text.split():
        found = found.filter(
            Q(number__icontains=word)
            | Q(title__icontains=word)
            | Q(title_en__icontains=word)
            | Q(summary__icontains=word)
        )
    same_field = Q(field=need.field_id) if need.field_id else Q(pk=None)
    listed = ResearchOutcome.industries.through.objects.filter(researchoutcome=OuterRef("pk"))
    industry = listed.filter(industry=need.industry_id)
    found = found.annotate(is_of_field=ExpressionWrapper(same_field, BooleanField()), is_of_industry=Exists(industry))
    return found.order_by(F("nearness").desc(nulls_last=True), "-is_of_field", "-is_of_industry", "-pk")


def offers(need: TechnologyNeed, outcomes: Iterable[ResearchOutcome]) -> list[Offer]:
    """Return each of these outcomes with where it stands with the need: two queries for all."""
    outcomes = list(outcomes)
    found = Match.objects.filter(need=need, outcome__in=outcomes).select_related("outcome_answered_by")
    matches = {match.outcome_id: match for match in found}
    texts = choosing.fingerprints(need, outcomes)
    return [_offer(outcome, matches.get(outcome.pk), texts[outcome.pk]) for outcome in outcomes]


def _offer(outcome: ResearchOutcome, match: Match | None, texts: str) -> Offer:
    words, tone = _stand(match) if match is not None else ("", "")
    return Offer(outcome, match, words, tone, may_be_offered=why_not_again(match, texts) is None)


def _stand(match: Match) -> tuple[str, str]:
    """Return where a match stands, as the side of its outcome reads it, and the tone of that."""
    state = Match.State(match.state)
    if match.taken_back_by is not None:
        ours = match.taken_back_by == Side.OUTCOME
        return (_("withdrawn by us") if ours else _("withdrawn by the enterprise")), "idle"
    if state == Match.State.DECLINED:
        ours = match.outcome_answer == Answer.DECLINED
        return (_("declined by us") if ours else _("declined by the enterprise")), "stop"
    if state != Match.State.PROPOSED:
        return match.get_state_display(), "go" if state == Match.State.AGREED else "idle"
    if match.outcome_answer == Answer.ACCEPTED:
        return _("offered, not answered yet"), "wait"
    if match.need_answer == Answer.ACCEPTED:
        return _("accepted by the enterprise, your answer is awaited"), "wait"
    return (_("added by hand, your answer is awaited") if match.added_by_id else _("proposed by the platform")), "wait"
