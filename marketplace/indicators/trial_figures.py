"""The figures of the board about 先用后转."""

from django.utils.translation import gettext_lazy as _

from marketplace.indicators import trial_queries
from marketplace.indicators.indicator import Indicator, Unit

TRIAL_INDICATORS = (
    Indicator(
        "trial-pool",
        "K14.1",
        _("Outcomes in the pool of trials"),
        _(
            "Entries standing in the pool at the end of the period, or now while it runs. Those that are paused or "
            "kept for one buyer for the time being are included; those taken out or converted have left."
        ),
        Unit.ITEMS,
        "pool",
        trial_queries.pool_size,
        is_standing=True,
    ),
    Indicator(
        "trials-started",
        "K14.2",
        _("Trials begun"),
        _("Trials that began in the period."),
        Unit.TRIALS,
        "trials",
        trial_queries.trials_started,
    ),
    Indicator(
        "trials-running",
        "K14.3",
        _("Trials under way"),
        _("Trials begun and neither converted, stopped nor expired at the end of the period, or now while it runs."),
        Unit.TRIALS,
        "trials",
        trial_queries.trials_running,
        is_standing=True,
    ),
    Indicator(
        "trials-converted",
        "K14.4",
        _("Trials converted"),
        _("Trials whose paid contract was registered in the period."),
        Unit.TRIALS,
        "trials",
        trial_queries.trials_converted,
    ),
    Indicator(
        "conversion-rate",
        "K14.5",
        _("Conversion rate"),
        _("Trials converted divided by trials finished in the period: converted, stopped or expired."),
        Unit.SHARE,
        "trials",
        trial_queries.conversion_rate,
    ),
    Indicator(
        "days-to-conversion",
        "K14.6",
        _("Days to conversion"),
        _("Median of the days from the beginning of a trial to the registration of its contract."),
        Unit.DAYS,
        "trials",
        trial_queries.days_to_conversion,
    ),
    Indicator(
        "insured-share",
        "K14.7",
        _("Insured share"),
        _("Of the trials begun in the period, those with an insurance."),
        Unit.SHARE,
        "trials",
        trial_queries.insured_share,
    ),
    Indicator(
        "trial-amount",
        "K14.8",
        _("Amount converted"),
        _("Sum of the prices of the trials converted in the period."),
        Unit.FEN,
        "trials",
        trial_queries.amount_converted,
    ),
)
