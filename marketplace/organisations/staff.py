"""Platform staff: the groups of their roles, appointing people to them, the look-ups they keep."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Collection as FileCollection
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Page

from marketplace.core import clock, code_lists, journal
from marketplace.core.classifications import Classified
from marketplace.core.code_lists import CodeRule
from marketplace.core.journal import Kind
from marketplace.core.keeping import require_in_order, require_not_rewritten
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.core.working_days import CalendarDay
from marketplace.organisations import rules
from marketplace.organisations.models import Organisation, User
from marketplace.organisations.roles import Role


class BeginsTooSoon(Refused):
    message = gettext_lazy(
        "A code of the district begins tomorrow at the earliest: figures until today were counted by the one before."
    )
    field = "holds_from"


class EndsInThePast(Refused):
    message = gettext_lazy("An entry ends today at the earliest: what was chosen until now was on the list.")
    field = "holds_until"


class AuditorHoldsMore(Refused):
    message = gettext_lazy(
        "An auditor changes nothing: beside this role no other one works. Give it to somebody who has no other."
    )
    field = "roles"


class ActsElsewhere(Refused):
    message = gettext_lazy(
        "%(person)s acts for %(organisations)s. With these roles they read what others entrust to the platform, and "
        "may decide nothing that concerns their own house: somebody else has to."
    )
    field = "all_the_same"


class AuditorActsElsewhere(ActsElsewhere):
    message = gettext_lazy(
        "%(person)s acts for %(organisations)s. An auditor changes nothing: they could do nothing for it any more, and "
        "read what its competitors entrust to the platform."
    )


# Roles that decide about records of organisations, or read all of them
ASKED_OF_MEMBERS = frozenset({Role.REGISTRAR, Role.SECOND_REVIEWER, Role.AUDITOR, Role.FINANCE})

PAGE_RIGHTS = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
FILE_RIGHTS = (
    ("wagtailimages", "add_image"),
    ("wagtailimages", "change_image"),
    ("wagtailimages", "choose_image"),
    ("wagtaildocs", "add_document"),
    ("wagtaildocs", "change_document"),
    ("wagtaildocs", "choose_document"),
)


@transaction.atomic
def set_up_groups() -> None:
    """Make the groups of all platform roles with the rights they need in the admin. May be repeated."""
    groups = {role: Group.objects.get_or_create(name=role.value)[0] for role in Role}
    enter = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    for group in groups.values():
        group.permissions.add(enter)
    look = Permission.objects.filter(
        content_type__in=ContentType.objects.filter(app_label="marketplace"), codename__startswith="view_"
    )
    groups[Role.AUDITOR].permissions.set([enter, *look])
    _let_edit_pages(groups[Role.EDITOR])
    _let_translate_pages(groups[Role.EDITOR])
    _let_edit_files(groups[Role.EDITOR])
    _let_keep_contact(groups[Role.EDITOR])


def _let_edit_pages(group: Group) -> None:
    root = Page.get_first_root_node()
    if root is None:  # no page tree yet
        return
    for codename in PAGE_RIGHTS:
        right = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=right)


def _let_translate_pages(group: Group) -> None:
    """Let editors begin the other language from a page ("translate this page" of the admin)."""
    group.permissions.add(
        Permission.objects.get(content_type__app_label="simple_translation", codename="submit_translation")
    )


def _let_keep_contact(group: Group) -> None:
    """Let editors say how the house is reached; the portal's row, so named by its app."""
    right = Permission.objects.get(content_type__app_label="cms", codename="change_contactfacts")
    group.permissions.add(right)


def _let_edit_files(group: Group) -> None:
    root = FileCollection.get_first_root_node()
    if root is None:
        return
    for app, codename in FILE_RIGHTS:
        right = Permission.objects.get(content_type__app_label=app, codename=codename)
        GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=right)


@transaction.atomic
def appoint_staff(person: User, *, by: User, roles: Collection[str], all_the_same: bool = False) -> None:
    """Give a person exactly these platform roles; none takes all away.

    Raises AuditorHoldsMore; ActsElsewhere where a member of an organisation gets a role that judges organisations,
    unless it is given `all_the_same`.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    require(rules.appoint_staff, by, person)
    wanted = sorted(Role(role) for role in roles)
    former = sorted(Role(role) for role in person.roles & set(Role.values))
    if wanted == former:
        return
    if Role.AUDITOR in wanted and len(wanted) > 1:
        raise AuditorHoldsMore()
    houses = _asked_about(person, {*wanted} - {*former})
    if houses and not all_the_same:
        refusal = AuditorActsElsewhere if Role.AUDITOR in wanted else ActsElsewhere
        raise refusal(person=person, organisations=_(", ").join(str(house) for house in houses))
    person.groups.remove(*Group.objects.filter(name__in=Role.values))
    person.groups.add(*(Group.objects.get(name=role) for role in wanted))  # a missing group is a missing set-up
    person.is_staff = bool(wanted)
    person.save(update_fields=["is_staff"])
    person.forget_roles()
    told: dict[str, Any] = {"all_the_same": True, "organisations": [house.code for house in houses]} if houses else {}
    journal.record(Kind.STAFF_APPOINTED, person, by=by, former=former, roles=wanted, **told)


def _asked_about(person: User, new: Collection[Role]) -> list[Organisation]:
    """Return the organisations a person acts for, where that is asked about before these roles are given."""
    if not ASKED_OF_MEMBERS & set(new):
        return []
    acting = [house for house, roles in person.member_roles.items() if roles]
    return list(Organisation.objects.filter(pk__in=acting).order_by("name", "pk"))


@transaction.atomic
def keep_look_up(record: CalendarDay | Classified, *, by: User) -> None:
    """Save a declared day or a node of a classification, new or changed: deadlines and filters hang on it."""
    require(rules.keep_look_up, by)
    record.save()
    if isinstance(record, CalendarDay):
        day = record.day.isoformat()
        journal.record(Kind.CALENDAR_DECLARED, record, by=by, day=day, is_working=record.is_working)
    else:
        parent = record.parent.code if record.parent else ""
        journal.record(Kind.CLASSIFICATION_CHANGED, record, by=by, code=record.code, name=record.name, parent=parent)


@transaction.atomic
def keep_code(entry: CodeRule, *, by: User) -> None:
    """Save an entry of a code list, new or changed. Records keep their codes; what they are called follows the list.

    A code of the district begins tomorrow at the earliest: what was counted until then was counted by the one before.
    Raises NotInOrder, HoldsAlready, BeginsTooSoon, EndsInThePast.
    """
    require(rules.keep_look_up, by)
    require_in_order(entry)
    require_not_rewritten(entry, lays_down=CodeRule.LAYS_DOWN)
    kept = CodeRule.objects.filter(pk=entry.pk).first()
    is_new_code = kept is None or (entry.code, entry.holds_from) != (kept.code, kept.holds_from)
    if entry.is_districts and is_new_code and entry.holds_from <= clock.today():
        raise BeginsTooSoon()
    is_new_end = entry.holds_until != (kept.holds_until if kept is not None else None)
    if is_new_end and entry.holds_until is not None and entry.holds_until < clock.today():
        raise EndsInThePast()
    entry.save()
    code_lists.forget()
    transaction.on_commit(code_lists.forget)  # what another thread read meanwhile is of before
    journal.record(
        Kind.CLASSIFICATION_CHANGED,
        entry,
        by=by,
        list=entry.code_list,
        code=entry.code,
        name=entry.name,
        parent=entry.part_of,
        holds_from=entry.holds_from.isoformat(),
        holds_until=entry.holds_until.isoformat() if entry.holds_until else None,
    )
