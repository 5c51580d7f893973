"""People: our own user model. Loaded through organisations.models; alone in migration 0001."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import connection, models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.organisations.roles import MemberRole, Role

if TYPE_CHECKING:
    from marketplace.organisations.models import Organisation


# Who somebody is, every request asks: in words of SQL, because put together by the ORM it took four times as long
ROLES = """
    SELECT g.name FROM auth_group g JOIN marketplace_user_groups m ON m.group_id = g.id WHERE m.user_id = %s
"""
MEMBERSHIPS = "SELECT organisation_id, roles FROM marketplace_membership WHERE user_id = %s AND state = 'active'"
NOBODYS = ("marketplace.delete_", "tasks.delete_", "auth.delete_group")


def _rows(words: str, person: int | None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(words, [person])
        return cursor.fetchall()


class UserQuerySet(models.QuerySet["User"]):
    def holding(self, *roles: Role) -> "UserQuerySet":
        """Return the active people who hold one of these platform roles."""
        return self.filter(is_active=True, groups__name__in=[role.value for role in roles]).distinct()

    def active_in(self, organisation: "Organisation | int", *roles: MemberRole) -> "UserQuerySet":
        """Return the active members of an organisation; with `roles`, those who hold one, and its managers."""
        key = organisation if isinstance(organisation, int) else organisation.pk
        members = self.filter(is_active=True, memberships__organisation=key, memberships__state="active")
        if not roles:
            return members
        wanted = [role.value for role in {*roles, MemberRole.MANAGER}]
        return members.filter(memberships__organisation=key, memberships__roles__overlap=wanted)

    def managing(self, organisation: "Organisation | int") -> "UserQuerySet":
        """Return the active managers of an organisation."""
        return self.active_in(organisation, MemberRole.MANAGER)


class PeopleManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's user manager with our questions."""

    use_in_migrations = False


class User(AbstractUser):
    """A person who signs in. What they may do follows from staff groups and memberships."""

    email = models.EmailField(  # type: ignore[assignment]  # None for people who left
        _("e-mail address"), unique=True, null=True, blank=True
    )
    name = models.CharField(pgettext_lazy("person", "name"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    left_at = models.DateTimeField(_("left at"), null=True, editable=False)

    first_name = None  # type: ignore[assignment]  # Chinese names are not split
    last_name = None  # type: ignore[assignment]

    REQUIRED_FIELDS = ["email"]

    objects = PeopleManager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_in_any_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        return self.name or self.username

    @cached_property
    def roles(self) -> frozenset[str]:
        """Return the platform roles held: names of the groups the person is in."""
        return frozenset(name for (name,) in _rows(ROLES, self.pk)) if self.is_active else frozenset()

    @property
    def is_platform_staff(self) -> bool:
        """Tell whether the person holds any platform role (and so needs a second factor)."""
        return self.is_staff or self.is_superuser or bool(self.roles & set(Role.values))

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Answer Wagtail and Django. Nothing of the trade is deleted, and no role is: superusers included."""
        return not perm.startswith(NOBODYS) and super().has_perm(perm, obj)

    def has_role(self, *roles: Role) -> bool:
        """Tell whether the person holds one of these platform roles."""
        return any(role.value in self.roles for role in roles)

    @property
    def changes_nothing(self) -> bool:
        """Tell whether the person only looks: auditors read everything and change nothing."""
        return self.has_role(Role.AUDITOR)

    @property
    def reads_everything(self) -> bool:
        """Tell whether the person may look at every record: officers and auditors."""
        return self.is_superuser or self.has_role(Role.OFFICER, Role.AUDITOR)

    @cached_property
    def member_roles(self) -> dict[int, frozenset[str]]:
        """Return {organisation id: roles held there} for the active memberships."""
        rows = _rows(MEMBERSHIPS, self.pk) if self.is_active else []
        return {organisation: frozenset(roles) for organisation, roles in rows}

    def acts_for(self, organisation: "Organisation | int | None", *roles: MemberRole) -> bool:
        """Tell whether the person is an active member, with one of `roles` where some are named.

        A manager may do what every other role may.
        """
        key = organisation if isinstance(organisation, int) or organisation is None else organisation.pk
        held = self.member_roles.get(key or 0)
        if held is None:
            return False
        return not roles or MemberRole.MANAGER.value in held or any(role.value in held for role in roles)

    def confirmed_addresses(self) -> set[str]:
        """Return the e-mail addresses the person has shown to read, in lower case."""
        confirmed = self.emailaddress_set.filter(verified=True)  # type: ignore[attr-defined]  # of allauth, loaded later
        return {email.lower() for email in confirmed.values_list("email", flat=True)}

    def forget_roles(self) -> None:
        """Drop what was remembered, after roles or memberships changed in this request."""
        for name in ("roles", "member_roles"):
            self.__dict__.pop(name, None)
