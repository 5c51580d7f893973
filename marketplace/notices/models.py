"""Notices to one person each, and which of them a person wants by mail."""

from typing import TYPE_CHECKING

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core.codes import CodeField
from marketplace.core.journal import Entry
from marketplace.notices.groups import Group
from marketplace.notices.texts import Text, text_of, texts
from marketplace.organisations.models import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: "User | AnonymousUser") -> "NoticeQuerySet":
        """Return the person's own notices; nobody reads those of another."""
        return self.filter(user=user.pk) if user.is_authenticated else self.none()

    def unread(self) -> "NoticeQuerySet":
        """Return what the reader has not opened yet."""
        return self.filter(read_at=None)

    def about(self, subject: models.Model, *kinds: str) -> "NoticeQuerySet":
        """Return the notices of these kinds about one record, whoever was told."""
        return self.filter(
            kind__in=kinds, subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk
        )

    def of_group(self, group: Group) -> "NoticeQuerySet":
        """Return the notices about one kind of thing."""
        return self.filter(kind__in=[kind for kind, text in texts().items() if text.group == group])


class Notice(models.Model):
    """That one person is told of one thing that happened. The words are made when it is read."""

    code = CodeField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=60)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="notices")
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    subject_id = models.BigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    path = models.CharField(max_length=200)
    data = models.JSONField(default=dict)  # codes, amounts, dates; never names or confidential text
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    mail_refused_at = models.DateTimeField(null=True)  # the reader's mail server does not take the address

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["entry", "user", "kind"], name="notice_once")]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notice_by_user"),
            models.Index(fields=["user"], name="notice_unread", condition=models.Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("notice-open", args=[self.code])

    @property
    def text(self) -> Text:
        return text_of(self.kind)

    @property
    def title(self) -> str:
        """Return the sentence in the language now active, verb first."""
        data = self.data | {"actor": str(self.entry.actor or _("the platform"))} if self.text.names_actor else self.data
        return self.text.title_with(subject=str(self.subject or ""), data=data)

    @property
    def reason(self) -> str:
        """Return why it was done, where this notice gives it: kept beside the entry, never in the notice."""
        kept = getattr(self.entry, "taken_offline", None) if self.text.gives_reason else None
        return str(kept.reason) if kept is not None else ""


class MailChoice(models.Model):
    """That a person switched the mails of one group on or off."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="mail_choices")
    group = models.CharField(max_length=20, choices=Group.choices)
    by_mail = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "group"], name="mail_choice_once"),
            models.CheckConstraint(
                name="mail_choice_legal_stays_on", condition=~models.Q(group="legal", by_mail=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.by_mail}"
