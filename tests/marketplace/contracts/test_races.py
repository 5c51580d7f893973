"""Two registrars at the same moment, on real threads and real rows."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from marketplace.contracts.actions import register_contract
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.refusals import NumberTaken
from marketplace.core.journal import Entry
from marketplace.core.refusals import Refused, WrongState
from tests.marketplace.contracts.factories import number_of, person, submitted

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run the calls in threads that start together; return what each answered or refused."""
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait(timeout=10)
        try:
            return call()
        except Refused as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(timeout=30) for future in [pool.submit(run, call) for call in calls]]


def registering(contract, registrar, number):
    own = TechnologyContract.objects.get(pk=contract.pk)
    return lambda: register_contract(own, by=registrar, number=number)


def test_two_registrars_register_one_contract_once():
    contract, _ = submitted()
    one, two = person("registrar"), person("registrar")

    answers = at_once(registering(contract, one, number_of(1)), registering(contract, two, number_of(2)))

    assert set(answers) == {None, WrongState}
    contract.refresh_from_db()
    assert contract.number in {number_of(1), number_of(2)}
    assert Entry.objects.about(contract).filter(kind="contract.registered").count() == 1
    assert contract.decisions.count() == 1


def test_one_number_goes_to_one_of_two_contracts():
    first, second = submitted()[0], submitted()[0]
    one, two = person("registrar"), person("registrar")

    answers = at_once(registering(first, one, number_of(9)), registering(second, two, number_of(9)))

    assert set(answers) == {None, NumberTaken}
    assert TechnologyContract.objects.filter(number=number_of(9)).count() == 1
    assert TechnologyContract.objects.filter(state="submitted", number=None).count() == 1
