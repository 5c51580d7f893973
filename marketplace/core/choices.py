"""Lists of the trade that more than one noun uses."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TransferMode(models.TextChoices):
    """How an outcome may be taken over (促进科技成果转化法 Art. 16; 民法典 Ch. 20)."""

    ASSIGNMENT = "assignment", _("assignment")
    EXCLUSIVE = "exclusive", _("exclusive licence")
    SOLE = "sole", _("sole licence")
    ORDINARY = "ordinary", _("ordinary licence")
    EQUITY = "equity", _("contribution as equity")
    DEVELOPMENT = "development", _("joint development")
    SERVICE = "service", _("technical service")
    TRIAL_FIRST = "trial_first", _("trial first, transfer later")


class IPKind(models.TextChoices):
    """Kinds of intellectual property in the national contract form (domain.md §4.2)."""

    INVENTION = "invention", _("invention patent")
    UTILITY_MODEL = "utility_model", _("utility model patent")
    DESIGN = "design", _("design patent")
    SECRET = "secret", _("technical secret")
    SOFTWARE = "software", _("software copyright")
    LAYOUT = "layout", _("integrated-circuit layout")
    PLANT_VARIETY = "plant_variety", _("plant or animal variety")
    NEW_DRUG = "new_drug", _("new biomedical variety")


class ReadinessEvidence(models.TextChoices):
    """What proves a technology readiness level (GB/T 22900; domain.md §4.9), in the order of the levels 1–9."""

    SURVEY_REPORT = "survey_report", _("survey report")
    RESEARCH_PLAN = "research_plan", _("research plan")
    MODEL = "model", _("simulation model")
    LAB_TEST = "lab_test", _("laboratory functional test")
    FUNCTION_TEST = "function_test", _("function test report")
    PERFORMANCE_TEST = "performance_test", _("performance test report")
    FIELD_TEST = "field_test", _("field or routine test report")
    PRODUCT = "product", _("deliverable product")
    FIRST_USE = "first_use", _("proof of first application")


class PricingMode(models.TextChoices):
    """How a price is found (促进科技成果转化法 Art. 18)."""

    AGREED = "agreed", _("agreed price")
    LISTING = "listing", _("fixed listing price")
    AUCTION = "auction", _("auction")
