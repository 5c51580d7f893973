"""Matches as one reader sees them: which side is theirs, what they may know, what waits for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from marketplace.matching.history import added_by_words
from marketplace.matching.models import Answer, Match, Side
from marketplace.matching.reasons import Names, Reason, reasons_of, sentence_of
from marketplace.organisations.one_side import answered, why_not_both

TONES = {"proposed": "wait", "agreed": "go", "declined": "stop", "withdrawn": "idle"}
STRENGTHS = {"strong": "go", "fair": "way", "weak": "idle"}


@dataclass(frozen=True)
class Shown:
    """A match with its words for one reader; `side` is theirs, None for officers and auditors."""

    match: Match
    side: Side | None
    reasons: list[Reason]
    sentence: str
    enterprise: str  # empty while the need is anonymous to this reader
    tone: str
    strength_tone: str
    added_by: str = ""  # a broker by name
    kept_off: str = ""  # why a colleague answers for the reader's side: the reader answered for the other

    @property
    def speaking_for(self) -> list[Reason]:
        return [reason for reason in self.reasons if not reason.is_against]

    @property
    def speaking_against(self) -> list[Reason]:
        return [reason for reason in self.reasons if reason.is_against]

    @property
    def is_offer(self) -> bool:
        """Tell whether the side of the outcome put it forward by an offer, also one it took back."""
        stands = (Answer.ACCEPTED, Answer.WITHDRAWN)
        return self.match.added_as == Side.OUTCOME and self.match.outcome_answer in stands

    @property
    def is_refused(self) -> bool:
        """Tell whether a side ended it: by a decline, or by taking its acceptance back."""
        return self.match.state == Match.State.DECLINED or self.match.taken_back_by is not None

    @property
    def state_words(self) -> str:
        """Return where it stands, and by whom it does."""
        if self.match.taken_back_by is not None:
            ended = {Side.NEED: _("withdrawn by the side of the need"), Side.OUTCOME: _("withdrawn by its supplier")}
            return ended[self.match.taken_back_by]
        if self.match.state == Match.State.PROPOSED and self.is_offer:
            return _("offered, waiting for the enterprise")
        return str(self.match.get_state_display())

    @property
    def waits_for_reader(self) -> bool:
        return self.side is not None and not self.kept_off and is_asked(self.match, self.side)

    @property
    def has_accepted(self) -> bool:
        """Tell whether the reader's own side has accepted."""
        return self.side is not None and self.match.answer_of(self.side) == Answer.ACCEPTED


def is_asked(match: Match, side: Side | None) -> bool:
    """Tell whether a side has still to answer."""
    return side is not None and match.state == Match.State.PROPOSED and match.answer_of(side) == Answer.WAITING


def _kept_off(sides: dict[int, Side | None], matches: list[Match], user: Any) -> dict[int, str]:
    """Return {key of a match: why the reader does not answer for their side}, of those that wait for it."""
    asked = [(match, side) for match in matches if (side := sides[match.pk]) and is_asked(match, side)]
    told = answered(user, {Match: [match.pk for match, _side in asked]}) if asked else {}
    reasons = {m.pk: why_not_both(m.organisation_of(side), told.get((Match, m.pk), {})) for m, side in asked}
    return {key: reason for key, reason in reasons.items() if reason is not None}


def side_for(match: Match, user: Any, organisation: Any = None) -> Side | None:
    """Return the reader's side: of the organisation they act for, else of any they belong to."""
    side = match.side_of(organisation)
    if side is None and user.acts_for(match.need.organisation_id):
        return Side.NEED
    if side is None and user.acts_for(match.outcome.owner_id):
        return Side.OUTCOME
    return side


def shown(matches: Iterable[Match], user: Any, organisation: Any = None) -> list[Shown]:
    """Return matches with their words; names of classifications are read once for all."""
    matches = list(matches)
    names = Names.of(matches)
    sides = {match.pk: side_for(match, user, organisation) for match in matches}
    kept = _kept_off(sides, matches, user)
    return [
        Shown(
            match=match,
            side=sides[match.pk],
            added_by=added_by_words(match),
            kept_off=kept.get(match.pk, ""),
            reasons=reasons_of(match, names),
            sentence=sentence_of(match, names),
            enterprise=str(match.need.organisation) if match.need.names_enterprise_to(user) else "",
            tone=TONES[match.state],
            strength_tone=STRENGTHS[match.strength],
        )
        for match in matches
    ]
