"""公示: something is published for a term in which anybody may object; a later step waits for its end."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db import models
from django.db.models import F, Q, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core.codes import CodeField
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import Organisation, User
from marketplace.publicity.closing import closing_day, last_closed
from marketplace.publicity.on_paper import OnPaper, kept_apart, taken_back_whole


class PublicityQuerySet(models.QuerySet["Publicity"]):
    def of(self, subject: models.Model) -> "PublicityQuerySet":
        """Return the publicity terms of one record, newest first."""
        kind = ContentType.objects.get_for_model(subject, for_concrete_model=True)
        return self.filter(subject_type=kind, subject_id=subject.pk)

    def running(self) -> "PublicityQuerySet":
        """Return what is in publicity now, the soonest end first."""
        return self.filter(state=Publicity.State.RUNNING).order_by("ends_on", "pk")

    def due(self, today: date) -> "PublicityQuerySet":
        """Return what has closed by `today`, letters that came in time entered, and has no objection to answer."""
        return self.running().filter(ends_on__lte=last_closed(today)).exclude(objections__state=Objection.State.MADE)


class Publicity(Stateful):
    """One term of publicity of one record. The record's class answers `publicity_title`, `publicity_facts()`,
    `publicity_opens_for(user)`, `publicity_concerns(user)` and `why_not_answer_objection(user)`; `PUBLICITY_NEEDS`
    names what its title reads. It may answer `publicity_afterword`: what became of it since, or "",
    `publicity_agreed_by(user)`: whether a person's organisation agreed to it, `publicity_is_of(user)`: whether it
    is a person's own, `publicity_sides_of(user)`: for which sides a person replies to objections, as
    {side: organisation or None}, `why_another_answers(user, made_by)`: why somebody who may answer leaves that person's
    objection to a colleague."""

    class Matter(models.TextChoices):
        SALE_RESULT = "sale_result", _("result of a sale")
        LEAD = "lead", _("lead of a broker")
        REWARD = "reward", _("reward of a broker")
        AGREED_PRICE = "agreed_price", _("agreed price")
        TRIAL_PRICE = "trial_price", _("agreed price after a trial")
        DISTRIBUTION = "distribution", _("distribution of income")

    class State(models.TextChoices):
        RUNNING = "running", _("in publicity")
        ENDED = "ended", _("ended without an upheld objection")
        STOPPED = "stopped", _("stopped")

    NEXT: ClassVar[dict[str, set[str]]] = {State.RUNNING: {State.ENDED, State.STOPPED}}

    code = CodeField()
    matter = models.CharField(_("matter"), max_length=20, choices=Matter.choices)
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    subject_id = models.BigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.RUNNING, editable=False)
    begins_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    extended_because = models.CharField(_("why extended"), max_length=500, blank=True)
    stopped_because = models.CharField(_("why stopped"), max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = PublicityQuerySet.as_manager()

    class Meta:
        verbose_name = _("publicity")
        verbose_name_plural = _("publicity terms")
        ordering = ["-begins_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id"], condition=Q(state="running"), name="publicity_one_at_a_time"
            ),
            models.CheckConstraint(name="publicity_ends_after_its_begin", condition=Q(ends_on__gte=F("begins_on"))),
            models.CheckConstraint(
                name="publicity_running_iff_not_ended",
                condition=Q(state="running", ended_at=None) | (~Q(state="running") & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="publicity_why_stopped_of_stopped", condition=Q(state="stopped") | Q(stopped_because="")
            ),
        ]

    def __str__(self) -> str:
        return str(self.subject.publicity_title) if self.subject is not None else self.code

    def get_absolute_url(self) -> str:
        return reverse("publicity-detail", args=[self.code])

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def closes_on(self) -> date:
        """Return the last day on which staff enter letters that came in time; the publicity ends the day after."""
        return closing_day(self.ends_on)

    def facts_for(self, user: Any) -> list[tuple[Any, str]] | None:
        """Return what is published, as (label, words); of a term that was stopped only to who may open the record."""
        record: Any = self.subject
        if self.state == self.State.STOPPED and not record.publicity_opens_for(user):
            return None
        facts: list[tuple[Any, str]] = record.publicity_facts()
        return facts

    def why_not_answer(self, user: Any) -> str | None:
        """Return why `user` does not answer objections here: the record knows."""
        record: Any = self.subject
        reason: str | None = record.why_not_answer_objection(user)
        return reason

    def concerns(self, user: Any) -> bool:
        """Tell whether it is a matter of this person's own or of an organisation of theirs: the record knows."""
        record: Any = self.subject
        return bool(record.publicity_concerns(user))

    def agreed_by(self, user: Any) -> bool:
        """Tell whether an organisation of this person agreed to what is published: the record knows."""
        agreed = getattr(self.subject, "publicity_agreed_by", None)
        return agreed is not None and bool(agreed(user))

    def is_of(self, user: Any) -> bool:
        """Tell whether what is published is this person's own: the record knows."""
        own = getattr(self.subject, "publicity_is_of", None)
        return own is not None and bool(own(user))

    def sides_of(self, user: Any) -> "dict[str, Organisation | None]":
        """Return the sides for which this person replies to objections, with their organisation: the record knows."""
        ask = getattr(self.subject, "publicity_sides_of", None)
        sides: dict[str, Organisation | None] = ask(user) if ask is not None else {}
        return sides

    def takes_objections(self, today: date) -> bool:
        """Tell whether an objection made on `today` is in time."""
        return self.is_running and self.begins_on <= today <= self.ends_on


def with_subjects(found: Iterable[Publicity]) -> list[Publicity]:
    """Return terms with their records and what the titles of these read, in a query for each kind of record."""
    terms = list(found)
    kinds: list[Any] = [
        ContentType.objects.get_for_id(key).model_class() for key in {term.subject_type_id for term in terms}
    ]
    records = [kind._base_manager.select_related(*kind.PUBLICITY_NEEDS) for kind in kinds]
    prefetch_related_objects(terms, GenericPrefetch("subject", records))
    return terms


UNANSWERED = ["made", "lapsed", "taken_back", "withdrawn"]


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def unanswered(self) -> "ObjectionQuerySet":
        return self.filter(state=Objection.State.MADE).order_by("made_at")

    def counted(self) -> "ObjectionQuerySet":
        """Return what was objected: not what staff entered by mistake, nor what its maker took back."""
        return self.exclude(state__in=[Objection.State.TAKEN_BACK, Objection.State.WITHDRAWN])


class Objection(OnPaper):
    """What somebody holds against what is in publicity, and the reasoned answer; `read_objection` says who reads it.

    It was made by a person with an account, or came on paper: then staff entered it for whoever signed or sealed it.
    """

    class Ground(models.TextChoices):
        RIGHTS = "rights", _("somebody else holds rights to it")
        PROCEDURE = "procedure", _("the procedure was not kept")
        PRICE = "price", _("price or valuation")
        COLLUSION = "collusion", _("collusion or a related party")
        PERSONS = "persons", _("somebody is left out or wrongly named")
        SHARES = "shares", _("the shares")
        FIRST = "first", _("somebody else brought it")
        AMOUNT = "amount", _("the amount")
        OTHER = "other", _("other ground")

    class State(models.TextChoices):
        MADE = "made", _("to be answered")
        DISMISSED = "dismissed", _("dismissed")
        UPHELD = "upheld", _("upheld")
        LAPSED = "lapsed", _("fell with what it was about")
        TAKEN_BACK = "taken_back", _("entered by mistake, taken back")
        WITHDRAWN = "withdrawn", _("withdrawn by its maker")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.MADE: {State.DISMISSED, State.UPHELD, State.LAPSED, State.TAKEN_BACK, State.WITHDRAWN}
    }

    code = CodeField()
    publicity = models.ForeignKey(Publicity, on_delete=models.PROTECT, related_name="objections")
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.MADE, editable=False)
    ground = models.CharField(_("ground"), max_length=20, choices=Ground.choices)
    text = models.TextField(_("what you object to"), max_length=4000)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(_("made at"))
    stands_as = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="stands_for")
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["publicity", "made_by"], condition=Q(withdrawn_at=None), name="objection_once_per_person"
            ),
            models.CheckConstraint(
                name="objection_withdrawn_by_its_maker",
                condition=Q(state="withdrawn", withdrawn_at__isnull=False, made_by__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at=None)),
            ),
            *kept_apart(),
            taken_back_whole(),
            models.CheckConstraint(
                name="objection_answered_iff_decided",
                condition=Q(state__in=UNANSWERED, answer="", answered_at=None, answered_by=None)
                | (~Q(state__in=UNANSWERED) & ~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return self.publicity.get_absolute_url()

    def is_by(self, user: Any) -> bool:
        """Tell whether this person made it; nobody here made a letter."""
        return self.made_by_id is not None and self.made_by_id == user.pk

    def why_another_answers(self, user: Any) -> str | None:
        """Return why `user`, who may answer objections here, leaves this one to a colleague: the record knows."""
        ask = getattr(self.publicity.subject, "why_another_answers", None)
        reason: str | None = ask(user, self.made_by) if ask is not None else None
        return reason

    def file_visible_to(self, user: Any, file: Any) -> bool:
        """Show the evidence to whoever reads all of the objection."""
        return self.opens_whole_to(user)

    def opens_whole_to(self, user: Any) -> bool:
        """Tell who reads evidence and maker too: the maker, those who answer, and those who supervise."""
        if not user.is_authenticated:
            return False
        answers = self.publicity.why_not_answer(user) is None
        return bool(self.is_by(user) or user.reads_everything or answers)
