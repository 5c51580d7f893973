"""The weights in force: those of features.py, or newer ones that won on judged pairs. One place, with its version."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.refusals import Refused
from marketplace.matching.scored import Feature
from marketplace.organisations.models import User
from search import embedding, features
from search.models import MatchWeights
from search.tuning import Verdict


class DoesNotWin(Refused):
    message = _("These weights do not win against those in force; nothing is changed.")


class NothingToRevert(Refused):
    message = _("The weights in force are those of the code; there is nothing to take back.")


@dataclass(frozen=True)
class Weights:
    """What each feature counts, in shares of 1, and the version that matches are marked with."""

    version: str
    by_feature: Mapping[Feature, float]


def current() -> Weights:
    """Return the weights in force. Tuned ones hold as long as the features they were tuned on are the code's."""
    tuned = MatchWeights.objects.in_force(features.VERSION)
    if tuned is None:
        return Weights(features.VERSION, features.WEIGHTS)
    known = {Feature(name): weight for name, weight in tuned.weights.items() if name in set(Feature)}
    if embedding.get_embedder() is None:
        known.pop(Feature.VECTOR, None)
    total = sum(known.values())
    return Weights(tuned.version, {feature: weight / total for feature, weight in known.items()})


@transaction.atomic
def put_in_force(by_feature: Mapping[Feature, float], verdict: Verdict, *, by: User) -> MatchWeights:
    """Store weights that won; matches computed from now on are scored by them. Raises DoesNotWin."""
    if not verdict.wins:
        raise DoesNotWin()
    number = MatchWeights.objects.count() + 1  # two at once: the second meets the unique version
    return MatchWeights.objects.create(
        version=f"{features.VERSION}+{number}",
        features_version=features.VERSION,
        weights={feature.value: round(weight, 4) for feature, weight in by_feature.items()},
        figures=verdict.as_json(),
        written_by=by,
        written_at=clock.now(),
    )


@transaction.atomic
def revert(*, by: User) -> MatchWeights:
    """Take the newest weights back: those before them, or the code's, are in force again. Raises NothingToRevert."""
    newest = MatchWeights.objects.select_for_update().in_force(features.VERSION)
    if newest is None:
        raise NothingToRevert()
    newest.reverted_by, newest.reverted_at = by, clock.now()
    newest.save(update_fields=["reverted_by", "reverted_at"])
    return newest
