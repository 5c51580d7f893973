"""Why a policy does not cover a trial: its days, its sum."""

from django.utils.translation import gettext_lazy as _

from marketplace.core.refusals import Refused


class InsuranceBegins(Refused):
    message = _("The insurance begins on %(day)s only; the terms require it from the first day of the trial.")
    field = "starts_on"


class PolicyTooLate(Refused):
    message = _("The terms require insurance for the whole trial, so the policy begins on %(day)s or earlier.")
    field = "begins_on"


class PolicyOver(Refused):
    message = _("This policy is over already. Check the days.")
    field = "ends_on"


class CoverTooLong(Refused):
    message = _("A policy of more than %(years)s years covers no trial. Check the days.")
    field = "ends_on"


class SumTooSmall(Refused):
    message = _("The insured sum is at least 1,000 yuan and not below the premium. Check the unit: it is yuan.")
    field = "insured_sum"
