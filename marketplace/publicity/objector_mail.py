"""Mails to whoever objected on paper: they have no account to read the answer with, so the mail holds it."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from marketplace.publicity.models import Objection

BETWEEN = "\n\n" + "-" * 40 + "\n\n"


def letter_to_objector(objection: Objection) -> EmailMessage:
    """Write where a letter stands: entered, answered and how, fallen, or entered by mistake; Chinese comes first."""
    subjects, bodies = [], []
    for language, _name in settings.LANGUAGES:
        with override(language):
            publicity = objection.publicity
            context = {
                "objection": objection,
                "publicity": publicity,
                "replaced": _(", ").join(objection.stands_for.values_list("code", flat=True)),
                "link": settings.SITE_URL + publicity.get_absolute_url(),
                "site": settings.WAGTAIL_SITE_NAME,
            }
            subjects.append(_title(objection) % {"title": publicity})
            bodies.append(render_to_string("marketplace/publicity/objector_mail.txt", context).strip())
    return EmailMessage(
        subject=" ".join(" / ".join(subjects).split()),
        body=BETWEEN.join(bodies) + "\n",
        to=[objection.reply_email],
        headers={"X-Objection": f"{objection.code}-{objection.state}"},
    )


def _title(objection: Objection) -> str:
    if objection.state == Objection.State.MADE:
        return _("Your objection to “%(title)s” was received")
    if objection.state == Objection.State.TAKEN_BACK:
        return _("Your objection to “%(title)s” was entered by mistake")
    if objection.state == Objection.State.LAPSED:
        return _("“%(title)s” was stopped: your objection needs no answer")
    return _("The answer to your objection to “%(title)s”")
