"""Who is told of a co-owner that is asked, and of its answer."""

from marketplace.core.journal import Entry, Kind
from marketplace.organisations.models import User
from marketplace.organisations.roles import MemberRole
from marketplace.outcomes.co_ownership import CoOwnership
from marketplace.reviews.deciders import deciders
from marketplace.reviews.models import Stage
from tasks.notices import Tell


def _asked(entry: Entry) -> CoOwnership:
    return CoOwnership.objects.select_related("organisation", "outcome__owner").get(pk=entry.data["co_ownership"])


def co_owners_people(entry: Entry) -> list[Tell]:
    """An outcome that names an organisation as co-owner was sent in: its publishers and managers answer.

    Nobody is told who need not answer any more: a colleague was faster, or the draft was taken back.
    """
    asked = _asked(entry)
    if asked.state == CoOwnership.State.AGREED or not asked.stands:
        return []
    people = User.objects.active_in(asked.organisation, MemberRole.PUBLISHER)
    return [Tell(people, "outcome.co_owner_asked", asked.get_absolute_url())]


def owners_about_agreement(entry: Entry) -> list[Tell]:
    """A co-owner agrees."""
    return [_owners(entry, "outcome.co_owner_agreed")]


def owners_about_objection(entry: Entry) -> list[Tell]:
    """A co-owner objects; where the outcome is public, the district decides whether it stays so."""
    asked = _asked(entry)
    told = [_owners(entry, "outcome.co_owner_objected")]
    if asked.outcome.live and asked.is_public:
        officers = deciders(Stage.DISTRICT, asked.outcome.owner)
        told.append(Tell(officers, "outcome.co_owner_objected_in_public", asked.outcome.get_absolute_url()))
    return told


def _owners(entry: Entry, kind: str) -> Tell:
    outcome = _asked(entry).outcome
    review = outcome.workflow_states.order_by("-pk").first()
    keys = {outcome.drafted_by_id, review.requested_by_id if review else None} - {None}
    authors = User.objects.filter(pk__in=keys)
    people = {user.pk: user for user in (*authors, *User.objects.active_in(outcome.owner, MemberRole.PUBLISHER))}
    return Tell(people.values(), kind, outcome.get_absolute_url())


TELLS = {
    Kind.OUTCOME_CO_OWNER_ASKED: co_owners_people,
    Kind.OUTCOME_CO_OWNER_AGREED: owners_about_agreement,
    Kind.OUTCOME_CO_OWNER_OBJECTED: owners_about_objection,
}
