"""Who is told what about reviews, for every noun that is reviewed, the term of outcomes, and what others end."""

from django.urls import reverse

from marketplace.core.journal import Entry, Kind
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import User
from marketplace.organisations.roles import MemberRole
from marketplace.outcomes.models import ResearchOutcome
from marketplace.reviews.models import Ended
from marketplace.reviews.queue import reviewers_of
from marketplace.reviews.revised import Revised, revised_models
from tasks.notices import Tell


def _record(entry: Entry) -> Revised:
    return next(
        model._base_manager.get(pk=entry.subject_id)
        for model in revised_models()
        if entry.kind.split(".")[0] == model.NOUN
    )


def _authors(record: Revised) -> list[User]:
    """Return who wrote the record and who sent in the newest version."""
    review = record.workflow_states.order_by("-pk").first()
    keys = {record.drafted_by_id, review.requested_by_id if review else None}
    return list(User.objects.filter(pk__in=keys - {None}))


def reviewers(entry: Entry) -> list[Tell]:
    """Something waits in its next step: those who may decide hear of it."""
    record = _record(entry)
    pending = record.pending_review
    if pending is None:  # decided already, or published
        return []
    return [Tell(reviewers_of(pending), "review.to_decide", record.review_url)]


def authors_about_return(entry: Entry) -> list[Tell]:
    """A draft came back: its authors complete it."""
    record = _record(entry)
    path = reverse(f"{record.NOUN}-edit", args=[record.public_id])
    return [Tell(_authors(record), "review.returned", path)]


def authors_about_end(entry: Entry) -> list[Tell]:
    """A review ended that nobody decided: its authors learn why. Of a draft its author took back nobody is told."""
    why = entry.data.get("why")
    if why is None:
        return []
    record = _record(entry)
    can_go_on = why == Ended.OFFLINE
    path = reverse(f"{record.NOUN}-edit", args=[record.public_id]) if can_go_on else record.get_absolute_url()
    return [Tell(_authors(record), f"review.ended_{why}", path)]


def owners_about_publication(entry: Entry) -> list[Tell]:
    """Something became public: its authors and the managers of its organisation hear of it."""
    record = _record(entry)
    people = {user.pk: user for user in (*_authors(record), *User.objects.managing(record.owning_organisation))}
    return [Tell(people.values(), "review.published", record.get_absolute_url())]


def _publishers(entry: Entry, kind: str) -> list[Tell]:
    outcome = ResearchOutcome.objects.get(pk=entry.subject_id)
    people = User.objects.active_in(outcome.owner, MemberRole.PUBLISHER)
    return [Tell(people, kind, outcome.get_absolute_url(), data=dict(entry.data))]


def publishers_about_term(entry: Entry) -> list[Tell]:
    """The offer runs out soon."""
    return _publishers(entry, "outcome.reminded")


def publishers_about_expiry(entry: Entry) -> list[Tell]:
    """The offer ran out."""
    return _publishers(entry, "outcome.expired")


def publishers_about_closing(entry: Entry) -> list[Tell]:
    """A liaison closed the need of an enterprise: its page says why, and who it was."""
    return _wanting(entry, "need.closed_by_liaison") if entry.on_behalf_of_id is None else []


def publishers_about_need_offline(entry: Entry) -> list[Tell]:
    """The district took the page of a need offline."""
    return _wanting(entry, "need.unpublished")


def _wanting(entry: Entry, kind: str) -> list[Tell]:
    need = TechnologyNeed.objects.get(pk=entry.subject_id)
    people = User.objects.active_in(need.organisation, MemberRole.PUBLISHER)
    return [Tell(people, kind, need.get_absolute_url())]


def publishers_about_offline(entry: Entry) -> list[Tell]:
    """The district took the page offline."""
    return _publishers(entry, "outcome.unpublished")


TELLS = {
    Kind.OUTCOME_SUBMITTED: reviewers,
    Kind.OUTCOME_REVIEWED: reviewers,
    Kind.OUTCOME_RETURNED: authors_about_return,
    Kind.OUTCOME_RECALLED: authors_about_end,
    Kind.OUTCOME_PUBLISHED: owners_about_publication,
    Kind.OUTCOME_REMINDED: publishers_about_term,
    Kind.OUTCOME_EXPIRED: publishers_about_expiry,
    Kind.OUTCOME_UNPUBLISHED: publishers_about_offline,
    Kind.NEED_SUBMITTED: reviewers,
    Kind.NEED_REVIEWED: reviewers,
    Kind.NEED_RETURNED: authors_about_return,
    Kind.NEED_RECALLED: authors_about_end,
    Kind.NEED_PUBLISHED: owners_about_publication,
    Kind.NEED_CLOSED: publishers_about_closing,
    Kind.NEED_UNPUBLISHED: publishers_about_need_offline,
}
