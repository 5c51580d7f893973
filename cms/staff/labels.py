"""Names of fields that Wagtail leaves to their Python names, which are English in every language."""

from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.forms import choosers

LINK_TEXT = gettext_lazy("Link text")
LABELS = {
    choosers.ExternalLinkChooserForm: {"link_text": LINK_TEXT},
    choosers.AnchorLinkChooserForm: {"link_text": LINK_TEXT, "url": gettext_lazy("Anchor on this page, without #")},
    choosers.EmailLinkChooserForm: {
        "email_address": pgettext_lazy("link", "Email address"),
        "link_text": LINK_TEXT,
        "subject": pgettext_lazy("mail", "Subject"),
        "body": pgettext_lazy("mail", "Text"),
    },
    choosers.PhoneLinkChooserForm: {"phone_number": gettext_lazy("Phone number"), "link_text": LINK_TEXT},
}


def name_fields() -> None:
    """Give the fields of links, as the text editor asks for them, names in the reader's language."""
    for form, labels in LABELS.items():
        for name, label in labels.items():
            form.base_fields[name].label = label
