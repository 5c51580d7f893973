"""Who may object to what is in publicity, and who answers.

Source: an agreed price is published in the unit (促进科技成果转化法 Art. 18), for 15 days at least and open to
objections (国发〔2016〕16号 [CK]); other publicity follows the same order.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from marketplace.publicity.models import Objection, Publicity


def make_objection(user: Any, publicity: "Publicity") -> str | None:
    """The publicity has a procedure for objections (国发〔2016〕16号 [CK])."""
    if publicity.why_not_answer(user) is None:
        return _("You answer objections here, so you make none.")
    return None


def answer_objection(user: Any, objection: "Objection") -> str | None:
    """The publicity has a procedure for objections (国发〔2016〕16号 [CK]); nobody judges an own one."""
    if objection.made_by_id == user.pk:
        return _("Nobody answers an own objection.")
    return objection.publicity.why_not_answer(user)


def extend_publicity(user: Any, publicity: "Publicity") -> str | None:
    return publicity.why_not_answer(user)


def read_objection(user: Any, objection: "Objection") -> str | None:
    """Its maker, those who answer and those who supervise read an objection."""
    if objection.made_by_id == user.pk or user.reads_everything:
        return None
    return objection.publicity.why_not_answer(user)
