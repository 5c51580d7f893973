"""Who sees and who edits which records in the admin. Nobody deletes there, superusers included."""

from typing import Any

from django.db.models import Model, QuerySet
from wagtail.permission_policies.base import BasePermissionPolicy

from marketplace.organisations.models import User
from marketplace.organisations.roles import Role


class Looking(BasePermissionPolicy):
    """Officers, auditors and the named roles look; nobody adds, changes or deletes."""

    def __init__(self, model: type[Model], *roles: Role) -> None:
        super().__init__(model)
        self.roles = roles

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and self._looks(user)

    def _looks(self, user: Any) -> bool:
        return user.is_authenticated and user.is_active and (user.reads_everything or user.has_role(*self.roles))

    def users_with_any_permission(self, actions: Any) -> QuerySet[User]:
        if "view" not in actions:
            return User.objects.none()
        return User.objects.holding(Role.OFFICER, Role.AUDITOR, *self.roles)


class Keeping(Looking):
    """A look-up that officers keep, or those named: they add and change; who looks, looks. Auditors change nothing."""

    def __init__(self, model: type[Model], *roles: Role, keepers: tuple[Role, ...] = (Role.OFFICER,)) -> None:
        super().__init__(model, *roles, *keepers)
        self.keepers = keepers

    def user_has_permission(self, user: Any, action: str) -> bool:
        if action in ("add", "change"):
            may = user.is_authenticated and user.is_active and (user.is_superuser or user.has_role(*self.keepers))
            return may and not user.changes_nothing
        return super().user_has_permission(user, action)

    def users_with_any_permission(self, actions: Any) -> QuerySet[User]:
        if "view" in actions:
            return super().users_with_any_permission(actions)
        return User.objects.holding(*self.keepers) if {"add", "change"} & set(actions) else User.objects.none()
