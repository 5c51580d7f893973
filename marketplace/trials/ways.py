"""What each way of conversion gives the enterprise, in words: an assignment is not a licence, nor a licence a service.

Sources: 促进科技成果转化法 Art. 16 (the ways); 民法典 Art. 862–868 (assignment and licences), Ch. 20 on services.
"""

from django.utils.translation import gettext_lazy as _

from marketplace.core.choices import TransferMode

GIVES = {
    TransferMode.ASSIGNMENT: _("The outcome is assigned: it belongs to the enterprise afterwards."),
    TransferMode.EXCLUSIVE: _("The institute stays the owner; the enterprise alone may use the outcome."),
    TransferMode.SOLE: _("The institute stays the owner; it and the enterprise alone may use the outcome."),
    TransferMode.ORDINARY: _(
        "The institute stays the owner; the enterprise may use the outcome, and others may be licensed too."
    ),
    TransferMode.EQUITY: _("The outcome is put into a company at its price, for shares of it."),
    TransferMode.DEVELOPMENT: _(
        "Both sides go on developing together; whose the results are, their contract says. The outcome stays the "
        "institute’s."
    ),
    TransferMode.SERVICE: _("The institute works for the enterprise with the outcome, which stays the institute’s."),
}
