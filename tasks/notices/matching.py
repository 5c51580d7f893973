"""Who is told what about matches."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from marketplace.core.journal import Entry, Kind
from marketplace.matching.models import Match, Side
from marketplace.matching.rules import ROLES
from marketplace.matching.sides import Capacity
from marketplace.notices.actions import written
from marketplace.notices.models import Notice
from marketplace.organisations.models import User
from tasks.notices import Tell

PROPOSING = ("match.proposed", "match.added")
OFFERING = "match.offered"
ASKING_AGAIN = "match.asked_again"
DECLINING, TAKING_BACK = "match.declined", "match.acceptance_withdrawn"
ANSWERING = ("match.accepted", OFFERING, "match.agreed")


def _people(match: Match, side: Side) -> list[User]:
    """Return those who may answer for a side."""
    return list(User.objects.active_in(match.organisation_of(side), *ROLES[side]).distinct())


def _match(entry: Entry) -> Match:
    return Match.objects.with_parties().get(pk=entry.subject_id)


def both_sides_about_proposal(entry: Entry) -> list[Tell]:
    """A new proposal: both sides look at it, while it stands.

    Of a weak one nobody is told: it stands folded in the list and is counted on the desk. Should it become stronger,
    it is told then, once; not where it was added by hand or offered, which both sides heard of.
    """
    match = _match(entry)
    if match.state != Match.State.PROPOSED or match.strength == Match.Strength.WEAK:
        return []
    if entry.data.get("was_weak") and (match.added_by_id or Notice.objects.about(match, *PROPOSING).exists()):
        return []
    return _both_sides(match, "match.proposed")


def both_sides_about_a_match_by_hand(entry: Entry) -> list[Tell]:
    """Somebody added a match: both sides look at it, however strong search finds it.

    Once a side has accepted, the other is asked for its answer by `other_side_about_acceptance`, so not twice.
    """
    match = _match(entry)
    waits = match.state == Match.State.PROPOSED and not match.has_acceptance
    return _both_sides(match, "match.added") if waits else []


def _both_sides(match: Match, kind: str) -> list[Tell]:
    return [
        Tell(_people(match, side), kind, match.get_absolute_url(), match)
        for side in Side
        if match.answer_of(side) == "waiting"
    ]


def whoever_was_told_about_withdrawal(entry: Entry) -> list[Tell]:
    """A proposal was taken back: those who were told of it learn that, in the site only.

    Where both had accepted, the need has ended: the other side hears of it, whoever of it was told what before.
    The page of the match may be closed to them by now (the partner is offline), so the note leads to the list.
    """
    match, path = _match(entry), f"{reverse('match-list')}?show=past"
    ended = _people(match, Side.OUTCOME) if entry.data.get("was_agreed") else []
    told = User.objects.filter(notices__in=Notice.objects.about(match, *PROPOSING, *ANSWERING)).distinct()
    others = told.exclude(pk__in=[person.pk for person in ended])
    return [Tell(ended, "match.ended", path, match), Tell(list(others), "match.withdrawn", path, match)]


def other_side_about_acceptance(entry: Entry) -> list[Tell]:
    """One side accepted: the other is asked, if it has not answered meanwhile; of an offer it is told as such."""
    match = _match(entry)
    other = _other_side(entry)
    if match.state != Match.State.PROPOSED or match.answer_of(other) != "waiting":
        return []
    is_offer = entry.data["side"] == match.added_as == Side.OUTCOME
    kind = OFFERING if is_offer else "match.accepted"
    return [Tell(_people(match, other), kind, match.get_absolute_url(), match)]


def both_sides_about_agreement(entry: Entry) -> list[Tell]:
    """Both accepted: either may open the deal."""
    match = _match(entry)
    people = [person for side in Side for person in _people(match, side)]
    return [Tell(people, "match.agreed", match.get_absolute_url(), match)]


def other_side_about_decline(entry: Entry) -> list[Tell]:
    """One side declined: the other is told if it had accepted."""
    match, other = _match(entry), _other_side(entry)
    if match.answer_of(other) != "accepted":
        return []
    return [Tell(_people(match, other), DECLINING, match.get_absolute_url(), match)]


def other_side_about_withdrawn_acceptance(entry: Entry) -> list[Tell]:
    """One side took its acceptance back: the other hears of it, for it was asked or had accepted too."""
    match = _match(entry)
    return [Tell(_people(match, _other_side(entry)), TAKING_BACK, match.get_absolute_url(), match)]


def other_side_about_second_thought(entry: Entry) -> list[Tell]:
    """A decline was taken back: the other side learns it if it had accepted; else it is asked again, and told once."""
    match, other = _match(entry), _other_side(entry)
    if match.state != Match.State.PROPOSED:
        return []
    people = _people(match, other)
    if match.answer_of(other) == "accepted":
        return [Tell(people, "match.reconsidered", match.get_absolute_url(), match)]
    know = set(Notice.objects.about(match, ASKING_AGAIN).exclude(entry=entry).values_list("user", flat=True))
    return [Tell([one for one in people if one.pk not in know], ASKING_AGAIN, match.get_absolute_url(), match)]


def _other_side(entry: Entry) -> Side:
    return Side.OUTCOME if entry.data["side"] == Side.NEED else Side.NEED


def letter_of_answer(notice: Notice) -> EmailMessage:
    """Write the mail about a decline or a withdrawn acceptance: whose, and why, in its reader's language.

    Where the match has moved on meanwhile, the usual words lead to its page.
    """
    match = Match.objects.with_parties().get(pk=notice.subject_id)
    letter, side = written(notice), _who_ended(match, notice.kind)
    if side is None:
        return letter
    with override(notice.user.language):
        letter.body = render_to_string(
            "marketplace/matching/answer_mail.txt",
            {
                "user": notice.user,
                "match": match,
                "title": letter.subject,
                "who": _name_of(match, side, notice.user),
                "reason": match.get_decline_reason_display(),
                "note": match.decline_note or match.withdrawn_note,
                "link": settings.SITE_URL + notice.get_absolute_url(),
                "site": settings.WAGTAIL_SITE_NAME,
            },
        )
    return letter


def _who_ended(match: Match, kind: str) -> Side | None:
    """Return the side whose answer the notice tells, as the match stands now; None where it stands otherwise."""
    if kind == TAKING_BACK:
        return match.taken_back_by
    if match.state != Match.State.DECLINED:
        return None
    return next((side for side in Side if match.answer_of(side) == "declined"), None)


def _name_of(match: Match, side: Side, reader: User) -> str:
    """Return the organisation of a side; of an anonymous need only which side it is."""
    if side == Side.NEED and not match.need.names_enterprise_to(reader):
        return str(Capacity.NEED.label)
    return str(match.organisation_of(side).called)


def letter_of_offer(notice: Notice) -> EmailMessage:
    """Write the mail about an offer: who offers what for which need, and why, in its reader's language."""
    match = Match.objects.with_parties().get(pk=notice.subject_id)
    link = settings.SITE_URL + notice.get_absolute_url()
    context = {"user": notice.user, "match": match, "link": link, "site": settings.WAGTAIL_SITE_NAME}
    letter = written(notice)
    with override(notice.user.language):
        letter.body = render_to_string("marketplace/matching/offer_mail.txt", context)
    return letter


def served_about_passing_on(entry: Entry) -> list[Tell]:
    """A broker points a proposal out to the side they serve: it looks at it while it waits for its answer."""
    match = _match(entry)
    if match.state != Match.State.PROPOSED:
        return []
    sides = [Side(side) for side in entry.data["sides"]]
    return [Tell(_people(match, side), "match.passed_on", match.get_absolute_url(), match) for side in sides]


TELLS = {
    Kind.MATCH_PASSED_ON: served_about_passing_on,
    Kind.MATCH_PROPOSED: both_sides_about_proposal,
    Kind.MATCH_ADDED: both_sides_about_a_match_by_hand,
    Kind.MATCH_WITHDRAWN: whoever_was_told_about_withdrawal,
    Kind.MATCH_ACCEPTED: other_side_about_acceptance,
    Kind.MATCH_AGREED: both_sides_about_agreement,
    Kind.MATCH_DECLINED: other_side_about_decline,
    Kind.MATCH_ACCEPTANCE_WITHDRAWN: other_side_about_withdrawn_acceptance,
    Kind.MATCH_RECONSIDERED: other_side_about_second_thought,
}
MAILS = {OFFERING: letter_of_offer, DECLINING: letter_of_answer, TAKING_BACK: letter_of_answer}
