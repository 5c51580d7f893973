"""Who may object to what is in publicity, and who answers.

Source: an agreed price is published in the unit (促进科技成果转化法 Art. 18), for 15 days at least and open to
objections (国发〔2016〕16号 [CK]); other publicity follows the same order.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.organisations.roles import Role

if TYPE_CHECKING:
    from marketplace.publicity.models import Objection, Publicity


def make_objection(user: Any, publicity: "Publicity") -> str | None:
    """The publicity has a procedure for objections (国发〔2016〕16号 [CK])."""
    if publicity.why_not_answer(user) is None:
        return _("You answer objections here, so you make none.")
    if publicity.is_of(user):
        return _("This is your own, so you do not object to it.")
    if publicity.agreed_by(user):
        return _("Your organisation agreed to this. Who agreed does not object; talk to the other side first.")
    return None


def withdraw_objection(user: Any, objection: "Objection") -> str | None:
    if not objection.is_by(user):
        return _("Whoever made an objection withdraws it.")
    return None


def enter_objection(user: Any, publicity: "Publicity") -> str | None:
    """The procedure for objections (国发〔2016〕16号 [CK]) is open to those without an account: staff enter letters.

    Whoever enters a letter may answer it, where they answer at all: entering is a clerk's work.
    """
    sale = publicity.matter == publicity.Matter.SALE_RESULT
    if not user.has_role(Role.OFFICER) and not (sale and user.has_role(Role.ORGANISER)):
        return _("Officers enter objections that came on paper; organisers those to the result of a sale.")
    if publicity.concerns(user):
        return _("Nobody enters an objection in a matter of their own or of their own organisation.")
    return None


def take_back_letter(user: Any, objection: "Objection") -> str | None:
    """Whoever entered a letter takes the entry back; anybody who enters such letters once that person does not."""
    reason = enter_objection(user, objection.publicity)
    if reason is not None:
        return reason
    entered_by = objection.entered_by
    if entered_by is None:
        return _("Only what staff entered from a letter is taken back. An objection made here is answered.")
    if entered_by.pk == user.pk or not entered_by.is_active:
        return None
    if enter_objection(entered_by, objection.publicity) is not None:
        return None
    return _("Whoever entered it takes it back: %(name)s.") % {"name": entered_by}


def answer_objection(user: Any, objection: "Objection") -> str | None:
    """The publicity has a procedure for objections (国发〔2016〕16号 [CK]); nobody judges an own one."""
    if objection.is_by(user):
        return _("Nobody answers an own objection.")
    return objection.publicity.why_not_answer(user) or objection.why_another_answers(user)


def reply_to_objection(user: Any, objection: "Objection") -> str | None:
    """Those against whom an objection goes are heard before it is answered (the platform's own order)."""
    if not objection.publicity.sides_of(user):
        return _("Only those whom the objection is against reply to it.")
    return None


def extend_publicity(user: Any, publicity: "Publicity") -> str | None:
    return publicity.why_not_answer(user)


def read_objection(user: Any, objection: "Objection") -> str | None:
    """Its maker, those who answer, those who supervise, and those who may reply to it read an objection."""
    if objection.is_by(user) or user.reads_everything or objection.publicity.sides_of(user):
        return None
    return objection.publicity.why_not_answer(user)
