import pytest
from django.contrib.auth.models import Group, Permission

from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.organisations.models import User
from marketplace.organisations.roles import Role
from tasks.models import Delivery
from tests.factories import people


@pytest.fixture
def stuck(db):
    wang = User.objects.create_user("wang", "wang@example.com")
    entry = journal.record(Kind.USER_SIGNED_UP, wang, by=wang)
    return Delivery.objects.create(
        entry=entry, consequence="notices.tell", due_at=entry.recorded_at, attempts=10, error="OSError: no line"
    )


def sign_in(client, role):
    group, _ = Group.objects.get_or_create(name=role)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    people.sign_in(client, people.staff(role, is_staff=True))


@pytest.mark.parametrize(("role", "sees"), [(Role.OFFICER, True), (Role.AUDITOR, True), (Role.EDITOR, False)])
def test_officers_and_auditors_see_what_is_stuck(client, stuck, role, sees):
    sign_in(client, role)

    answer = client.get("/admin/deliveries/")

    assert (answer.status_code == 200 and "OSError: no line" in answer.content.decode()) is sees


@pytest.mark.parametrize("path", ["new/", "edit/{}/", "delete/{}/"])
def test_nobody_changes_one(client, stuck, path):
    sign_in(client, Role.OFFICER)

    answer = client.get(f"/admin/deliveries/{path.format(stuck.pk)}")

    assert answer.status_code in (302, 404)
    assert Delivery.objects.filter(pk=stuck.pk).exists()
