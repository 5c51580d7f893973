"""Offers to confirm before they end, co-ownerships to answer, and imports that stopped at a wrong row."""

from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from marketplace.desk.piles import Pile
from marketplace.desk.rows import Reader, Row, first_of
from marketplace.organisations.roles import MemberRole
from marketplace.outcomes.co_ownership import CoOwnership, CoOwnershipQuerySet
from marketplace.outcomes.imports.models import ImportRow, OutcomeImport
from marketplace.outcomes.models import ResearchOutcome

NOTICE_TIME = timedelta(days=30)
GOOD, WRONG = ImportRow.Verdict.GOOD, (ImportRow.Verdict.WRONG, ImportRow.Verdict.MAYBE)


def waiting(reader: Reader) -> list[Pile]:
    mine = reader.holds(MemberRole.PUBLISHER)
    return [_to_confirm(reader, mine), _co_owned(mine), _imports(mine)] if mine else []


def _co_owned(mine: list[int]) -> Pile:
    """Return the offers on which the organisations answer as co-owners."""
    own = CoOwnership.objects.filter(organisation__in=mine, state=CoOwnership.State.WAITING)
    return Pile(own, lambda: _to_answer(own))


def _to_answer(own: CoOwnershipQuerySet) -> list[Row]:
    asked = own.to_answer().with_parties().order_by("asked_at", "pk")
    return first_of(asked, _answer, url=reverse("co-ownership-list"), icon="user-group")


def _answer(asked: CoOwnership) -> Row:
    share = _("your share: %(share)s%%") % {"share": f"{asked.share.normalize():f}"}
    return Row(
        title=_("Co-ownership to answer: %(title)s") % {"title": asked.heading},
        about=(asked.outcome.owner.called, share),
        url=asked.get_absolute_url(),
        act=_("Answer"),
        icon="user-group",
        since=asked.asked_at,
    )


def _to_confirm(reader: Reader, mine: list[int]) -> Pile:
    due = ResearchOutcome.objects.due_for_expiry(reader.today + NOTICE_TIME).filter(owner__in=mine)
    found = due.select_related("owner").order_by("expires_on", "pk")
    return Pile(due, lambda: first_of(found, _confirm, url=reverse("outcome-mine"), icon="arrow-path"))


def _confirm(outcome: ResearchOutcome) -> Row:
    return Row(
        title=_("Confirm that the offer stands: %(title)s") % {"title": outcome.heading},
        about=(outcome.number, outcome.owner.called),
        url=outcome.get_absolute_url(),
        act=pgettext("desk", "Confirm"),
        icon="arrow-path",
        due=outcome.expires_on,
    )


def _imports(mine: list[int]) -> Pile:
    checked = OutcomeImport.objects.filter(organisation__in=mine, state=OutcomeImport.State.CHECKED)
    return Pile(checked, lambda: _checked(checked))


def _checked(checked: QuerySet[OutcomeImport]) -> list[Row]:
    counted = checked.annotate(
        wrong=Count("rows", filter=Q(rows__verdict__in=WRONG)), good=Count("rows", filter=Q(rows__verdict=GOOD))
    ).order_by("uploaded_at")
    return [_finish(batch) for batch in counted[:10] if batch.wrong or batch.good]


def _finish(batch: OutcomeImport) -> Row:
    wrong, good = batch.wrong, batch.good  # type: ignore[attr-defined]  # annotated
    to_correct = ngettext("%(count)s row to look at", "%(count)s rows to look at", wrong) % {"count": wrong}
    to_take = ngettext("%(count)s row can be taken over", "%(count)s rows can be taken over", good) % {"count": good}
    title = _("Correct the import: %(file)s") if wrong else _("Take over the import: %(file)s")
    return Row(
        title=title % {"file": batch.file_name},
        about=(to_correct, to_take) if wrong else (to_take,),
        url=batch.get_absolute_url(),
        act=_("Correct") if wrong else _("Take over"),
        icon="arrow-up-tray",
        since=batch.uploaded_at,
    )
