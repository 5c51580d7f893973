"""Whether terms of trial say what the outcome's own page says: a warning to people, never a refusal."""

from django.utils.translation import gettext as _

from marketplace.core.choices import TransferMode
from marketplace.core.price_words import price_words
from marketplace.outcomes.models import ResearchOutcome
from marketplace.trials.pool import PoolTerms


def ways_offered(outcome: ResearchOutcome) -> str:
    """Return the ways by which the outcome is offered, but for the trial itself, in words."""
    ways = [TransferMode(mode).label for mode in outcome.modes if mode != TransferMode.TRIAL_FIRST]
    return _(", ").join(map(str, ways))


def price_offered(outcome: ResearchOutcome) -> str:
    """Return the price the outcome is offered at, in words."""
    return str(price_words(outcome.price_low, outcome.price_high, is_negotiable=outcome.is_negotiable))


def contradictions(outcome: ResearchOutcome, terms: PoolTerms) -> list[str]:
    """Return in sentences where terms differ from what the page of the outcome offers; empty where they agree."""
    found = []
    if ways_offered(outcome) and terms.mode not in outcome.modes:
        said = {"offered": ways_offered(outcome), "way": terms.get_mode_display()}
        found.append(_("The outcome is offered for: %(offered)s. These terms convert by: %(way)s.") % said)
    low, high = outcome.price_low, outcome.price_high
    least, most = terms.price, terms.price_cap or terms.price
    if least is not None and most is not None and (most < (low or 0) or (high is not None and least > high)):
        said = {"offered": price_offered(outcome), "price": terms.price_words}
        found.append(_("The outcome is offered at: %(offered)s. The price of these terms: %(price)s.") % said)
    return found
