"""The report of a period (domain.md §7.2 table 10): the sentences the district writes, filled from the figures.

A sentence names its figures by their slugs: `%(lots_sold)s` prints the figure with its unit, `%(lots_sold_change)s` how
it compares with the same days of the year before. The wording follows the district's half-year reports.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Sentence:
    """Words with figures in them; where all of these are nothing, `otherwise` is said instead, or nothing at all.

    `is_of_a_day`: some of them are counted on a day, so the sentence begins with it.
    """

    words: Any
    otherwise: Any = ""
    is_of_a_day: bool = False


@dataclass(frozen=True)
class Section:
    heading: Any
    sentences: tuple[Sentence, ...]


SECTIONS = (
    Section(
        _("Technology contracts"),
        (
            Sentence(
                _(
                    "Technology contracts registered: %(contract_count)s%(contract_count_change)s, with a total amount "
                    "of %(contract_total)s%(contract_total_change)s, of it technical "
                    "%(technical_total)s%(technical_total_change)s."
                ),
                _("No technology contract was registered."),
            ),
            Sentence(
                _(
                    "Of the total amount %(outgoing_total)s were sold from the district, "
                    "%(incoming_total)s bought into it."
                )
            ),
            Sentence(_("Large contracts: %(large_count)s, with a technical amount of %(large_technical)s.")),
        ),
    ),
    Section(
        _("Outcomes put to use"),
        (
            Sentence(
                _(
                    "Outcomes landed in the district: %(landed_count)s%(landed_count_change)s, with a technical amount "
                    "of %(landed_technical)s%(landed_technical_change)s."
                ),
                _("No outcome landed in the district."),
            ),
            Sentence(_("Technology brokers brought about a technical amount of %(brokered)s.")),
        ),
    ),
    Section(
        _("Ou Auction"),
        (
            Sentence(
                _(
                    "Sessions of Ou Auction held: %(sessions_held)s%(sessions_held_change)s; lots offered: "
                    "%(lots_offered)s, sold: %(lots_sold)s, a sell-through of %(sell_through)s."
                ),
                _("No session of Ou Auction was held."),
            ),
            Sentence(
                _(
                    "The lots sold fetched %(auction_total)s%(auction_total_change)s, a premium of "
                    "%(auction_premium)s on their start prices."
                )
            ),
        ),
    ),
    Section(
        _("Use first, pay later"),
        (
            Sentence(
                _(
                    "Outcomes that may be tried before they are paid for: %(trial_pool)s, trials begun and neither "
                    "converted nor ended: %(trials_running)s; begun in the period: "
                    "%(trials_started)s%(trials_started_change)s."
                ),
                _("No outcome may be tried before it is paid for."),
                is_of_a_day=True,
            ),
            Sentence(
                _(
                    "Converted into paid contracts: %(trials_converted)s, for %(trial_amount)s, "
                    "a conversion rate of %(conversion_rate)s."
                )
            ),
        ),
    ),
    Section(
        _("Technology brokers"),
        (
            Sentence(
                _(
                    "Technology brokers with a valid certificate: %(brokers_valid)s, newly filed in the "
                    "period: %(brokers_new)s%(brokers_new_change)s."
                ),
                _("No technology broker holds a valid certificate."),
                is_of_a_day=True,
            ),
        ),
    ),
    Section(
        _("Technology needs"),
        (
            Sentence(
                _(
                    "Technology needs published: %(needs_published)s%(needs_published_change)s, "
                    "solved: %(needs_solved)s."
                ),
                _("No technology need was published."),
            ),
        ),
    ),
    Section(
        _("Benefit sharing"),
        (
            Sentence(
                _(
                    "Net income shared out: %(shared_income)s%(shared_income_change)s, of which the inventors got "
                    "%(inventors_share)s."
                ),
                _("No net income was shared out."),
            ),
        ),
    ),
)
