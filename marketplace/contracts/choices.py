"""Types and kinds of contracts (domain.md §4.1), which the law names; lists that staff keep are core/code_lists.py."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.money import FEN_PER_WAN


class ContractType(models.TextChoices):
    """Five types of technology contracts (民法典 Ch. 20); the value begins every sub-type's value."""

    DEVELOPMENT = "KF", _("development")
    ASSIGNMENT = "ZR", _("assignment")
    LICENCE = "XK", pgettext_lazy("type of contract", "licence")
    CONSULTING = "ZX", _("consulting")
    SERVICE = "FW", _("service")


class SubType(models.TextChoices):
    """Kinds within a type."""

    COMMISSIONED = "KF-commissioned", _("commissioned development")
    JOINT = "KF-joint", _("joint development")
    PATENT = "ZR-patent", _("patent assignment")
    APPLICATION = "ZR-application", _("assignment of a patent application")
    SECRET = "ZR-secret", _("assignment of a technical secret")
    OTHER_RIGHT = "ZR-other", _("assignment of another right")
    EXCLUSIVE = "XK-exclusive", _("exclusive patent licence")
    SOLE = "XK-sole", _("sole patent licence")
    ORDINARY = "XK-ordinary", _("ordinary patent licence")
    SECRET_LICENCE = "XK-secret", _("licence of a technical secret")
    CONSULTING = "ZX-consulting", _("technical consulting")
    FEASIBILITY = "ZX-feasibility", _("feasibility study")
    FORECAST = "ZX-forecast", _("technical forecast")
    SURVEY = "ZX-survey", _("technical survey")
    EVALUATION = "ZX-evaluation", _("technical evaluation")
    SERVICE = "FW-service", _("technical service")
    TRAINING = "FW-training", _("technical training")
    INTERMEDIARY = "FW-intermediary", _("technical intermediary service")


LARGE, USUAL_DAYS = 500 * FEN_PER_WAN, 15  # until the dated rules (dated.py) are asked: when it is written, and sent
NUMBERED = ["registered", "change_requested", "changed", "cancelled", "revoked"]  # states of a numbered contract
EITHER = ["objection", "re_examined"]  # an objection may be against a registration or a refusal
