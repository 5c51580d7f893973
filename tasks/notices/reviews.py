"""Who is told what about reviews, for every noun that is reviewed, the term of outcomes, and what others end."""

from django.urls import reverse
from wagtail.models import TaskState

from marketplace.core.journal import Entry, Kind
from marketplace.needs.models import TechnologyNeed
from marketplace.notices.models import Notice
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


def people_about_end(entry: Entry) -> list[Tell]:
    """A review ended that nobody decided: its authors learn why, and those who were asked to decide that it is over.

    Of a draft its author took back nobody is told; authors of what was taken offline are told of both at once.
    """
    why = entry.data.get("why")
    if why is None:
        return []
    record = _record(entry)
    authors = _authors(record)
    told = [Tell(_asked_to_decide(record, entry, authors), "review.over", record.review_url)]
    if why != Ended.OFFLINE:
        told.append(Tell(authors, f"review.ended_{why}", record.get_absolute_url()))
    return told


def _asked_to_decide(record: Revised, entry: Entry, authors: list[User]) -> list[User]:
    """Return who was told that the step of the review that ended waits for them, and did not write the draft."""
    step = TaskState.objects.filter(pk=entry.data.get("step")).first()
    if step is None:
        return []
    asked = Notice.objects.about(record, "review.to_decide").filter(created_at__gte=step.started_at)
    people = User.objects.filter(pk__in=asked.values("user"))
    return list(people.exclude(pk__in=[author.pk for author in authors]))


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


def _wanting(entry: Entry, kind: str) -> list[Tell]:
    need = TechnologyNeed.objects.get(pk=entry.subject_id)
    people = User.objects.active_in(need.organisation, MemberRole.PUBLISHER)
    return [Tell(people, kind, need.get_absolute_url())]


def people_about_offline(entry: Entry) -> list[Tell]:
    """The district took the page offline: publishers hear of it; authors whose change left its review, of both."""
    record = _record(entry)
    publishers = User.objects.active_in(record.owning_organisation, MemberRole.PUBLISHER)
    authors = _authors(record) if "step" in entry.data else []
    others = publishers.exclude(pk__in=[author.pk for author in authors])
    edit = reverse(f"{record.NOUN}-edit", args=[record.public_id])
    return [
        Tell(authors, "review.ended_offline", edit),
        Tell(others, f"{record.NOUN}.unpublished", record.get_absolute_url()),
    ]


TELLS = {
    Kind.OUTCOME_SUBMITTED: reviewers,
    Kind.OUTCOME_REVIEWED: reviewers,
    Kind.OUTCOME_RETURNED: authors_about_return,
    Kind.OUTCOME_RECALLED: people_about_end,
    Kind.OUTCOME_PUBLISHED: owners_about_publication,
    Kind.OUTCOME_REMINDED: publishers_about_term,
    Kind.OUTCOME_EXPIRED: publishers_about_expiry,
    Kind.OUTCOME_UNPUBLISHED: people_about_offline,
    Kind.NEED_SUBMITTED: reviewers,
    Kind.NEED_REVIEWED: reviewers,
    Kind.NEED_RETURNED: authors_about_return,
    Kind.NEED_RECALLED: people_about_end,
    Kind.NEED_PUBLISHED: owners_about_publication,
    Kind.NEED_CLOSED: publishers_about_closing,
    Kind.NEED_UNPUBLISHED: people_about_offline,
}
