"""A conversion is called what it is: an assignment, a licence of some kind, equity, development or a service."""

import pytest
from django.urls import reverse
from django.utils import translation

from marketplace.core.choices import TransferMode
from marketplace.trials import converting
from marketplace.trials.pool import CONVERSIONS
from marketplace.trials.ways import GIVES
from tests.factories.people import sign_in
from tests.marketplace.matching.factories import WAN
from tests.marketplace.trials.factories import AGREED, chosen, evaluated

WAYS = [TransferMode(value) for value, _label in CONVERSIONS]


def test_every_way_says_what_it_gives():
    assert set(GIVES) == set(WAYS)


def main_of(page):
    return page.split("<main", 1)[1].split("</main", 1)[0]


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("language", "prefix"), [("zh-hans", ""), ("en", "/en")])
def test_the_page_before_the_conversion_says_its_kind(client, way, language, prefix):
    trial, _owner, enterprise = evaluated(mode=way.value)
    sign_in(client, enterprise.manager)

    page = client.get(prefix + reverse("trial-convert", args=[trial.code])).content.decode()

    with translation.override(language):
        assert f"<h1>{trial.terms.conversion_title}</h1>" in page
        assert str(way.label) in trial.terms.conversion_title
        assert str(GIVES[way]) in main_of(page).replace("&#x27;", "'")
    assert "受让" not in main_of(page)
    assert "take the outcome over" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["ordinary", "service"])
def test_the_page_before_a_price_is_accepted_says_it_too(client, way):
    trial, owner, enterprise = chosen(**AGREED, mode=way)
    converting.propose_trial_price(trial, amount=80 * WAN, **owner.as_party)
    sign_in(client, enterprise.manager)

    page = client.get(reverse("trial-accept", args=[trial.code])).content.decode()

    assert f"：{TransferMode(way).label}</h1>" in page
    assert str(GIVES[TransferMode(way)]) in page
