"""Who enters continuing hours, confirms them and reads them."""

import pytest
from django.contrib.auth.models import AnonymousUser

from marketplace.brokers.training import rules
from marketplace.core.rules import why_not
from tests.factories.rules import verbs
from tests.marketplace.brokers.making import trained
from tests.marketplace.contracts.factories import broker, person

pytestmark = pytest.mark.django_db

TABLE = {
    rules.enter_training: {"broker"},
    rules.confirm_training: {"officer"},
    rules.decline_training: {"officer"},
    rules.read_training: {"broker", "officer", "auditor"},
}


def test_every_rule_has_its_table():
    assert {rule.__name__ for rule in TABLE} == verbs(rules)


@pytest.mark.parametrize("rule", TABLE, ids=lambda rule: rule.__name__)
def test_who_may(rule):
    filed = broker(user=person())
    about = trained(filed) if rule in (rules.confirm_training, rules.decline_training) else filed
    people = {
        "visitor": AnonymousUser(),
        "stranger": person(),
        "broker": filed.user,
        "another broker": broker(user=person()).user,
        "officer": person("officer"),
        "registrar": person("registrar"),
        "auditor": person("auditor"),
    }

    assert {who for who, user in people.items() if why_not(rule, user, about) is None} == TABLE[rule]
