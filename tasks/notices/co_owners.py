"""Who is told of a co-owner that is asked, of its answer, and that it is no longer named."""

from marketplace.core.journal import Entry, Kind
from marketplace.notices.models import Notice, NoticeQuerySet
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
    if asked.organisation is None:
        return []
    people = User.objects.active_in(asked.organisation, MemberRole.PUBLISHER)
    return [Tell(people, "outcome.co_owner_asked", asked.get_absolute_url())]


def owners_about_agreement(entry: Entry) -> list[Tell]:
    """A co-owner agrees."""
    return [_owners(entry, "outcome.co_owner_agreed"), *_co_owner_about_letter(entry)]


def owners_about_objection(entry: Entry) -> list[Tell]:
    """A co-owner objects; where the outcome is public, the district decides whether it stays so."""
    asked = _asked(entry)
    told = [_owners(entry, "outcome.co_owner_objected"), *_co_owner_about_letter(entry)]
    if asked.outcome.live and asked.is_public:
        officers = deciders(Stage.DISTRICT, asked.outcome.owner)
        told.append(Tell(officers, "outcome.co_owner_objected_in_public", asked.outcome.get_absolute_url()))
    return told


def _co_owner_about_letter(entry: Entry) -> list[Tell]:
    """An officer entered what a letter says for a co-owner: its people hear of it, and may answer otherwise."""
    if not entry.data.get("on_paper"):
        return []
    asked = _asked(entry)
    if asked.organisation is None:
        return []
    people = User.objects.active_in(asked.organisation, MemberRole.PUBLISHER)
    return [Tell(people, "outcome.co_owner_answer_entered", asked.get_absolute_url())]


def managers_about_being_dropped(entry: Entry) -> list[Tell]:
    """A version was published that does not name the co-owner any more: its managers hear of it.

    Of who is not on the platform, whoever entered its last letter tells it.
    """
    asked = _asked(entry)
    if asked.dropped_at is None:  # named again meanwhile, and told that
        return []
    if asked.organisation is None:
        last = asked.last_answer
        by = [last.entered_by] if last is not None and last.entered_by is not None else []
        return [Tell(by, "outcome.co_owner_outside_dropped", asked.get_absolute_url())]
    return [Tell(User.objects.managing(asked.organisation), "outcome.co_owner_dropped", asked.get_absolute_url())]


def asked_of_co_owner(entry: Entry) -> NoticeQuerySet:
    """Return what asked the people of an organisation about versions that named it."""
    asked = Entry.objects.filter(
        kind=Kind.OUTCOME_CO_OWNER_ASKED,
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        data__co_owner=entry.data["co_owner"],
        pk__lt=entry.pk,
    )
    return Notice.objects.filter(kind="outcome.co_owner_asked", entry__in=asked)


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
    Kind.OUTCOME_CO_OWNER_DROPPED: managers_about_being_dropped,
}
SETTLES = {Kind.OUTCOME_CO_OWNER_DROPPED: asked_of_co_owner}
