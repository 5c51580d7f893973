"""What the publicity of an agreed price shows of a trial, and who answers objections to it."""

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.core.money import format_unrounded
from marketplace.organisations.roles import Role

if TYPE_CHECKING:
    from marketplace.trials.models import Trial


class Published:
    """A trial in the words of `marketplace.publicity`."""

    PUBLICITY_NEEDS: ClassVar[tuple[str, ...]] = ("outcome",)

    @property
    def publicity_title(self) -> str:
        return _("Price after a trial: %(title)s") % {"title": cast("Trial", self).outcome.heading}

    @property
    def public_url(self) -> str:
        """Return the page a stranger may open; the trial itself belongs to its parties."""
        return cast("Trial", self).outcome.get_absolute_url()

    def publicity_facts(self) -> list[tuple[str, str]]:
        """Return what is published: name and intended price (促进科技成果转化法 Art. 18), and for whom."""
        trial = cast("Trial", self)
        return [
            (_("Outcome"), f"{trial.outcome.heading} ({trial.outcome.number})"),
            (_("Owner of the outcome"), trial.owner.name),
            (_("Enterprise that tried it"), trial.enterprise.name),
            (_("Way of conversion"), str(trial.terms.get_mode_display())),
            (_("Agreed price"), format_unrounded(trial.price or 0, get_language() or "zh-hans")),
        ]

    def publicity_opens_for(self, user: Any) -> bool:
        """Tell whether the reader of the publicity may open the record: the outcome's page is public."""
        return True

    def publicity_concerns(self, user: Any) -> bool:
        """Tell whether the reader of the publicity belongs to the institute or to the enterprise."""
        trial = cast("Trial", self)
        return bool(user.acts_for(trial.outcome.owner_id) or user.acts_for(trial.enterprise_id))

    def publicity_agreed_by(self, user: Any) -> bool:
        """Tell whether an organisation of this person agreed to the price: both parties did."""
        return self.publicity_concerns(user)

    def why_not_answer_objection(self, user: Any) -> str | None:
        """Officers of the district answer, unless they belong to a party."""
        if not user.is_authenticated or not user.has_role(Role.OFFICER):
            return _("Officers of the district answer objections to a price.")
        if self.publicity_concerns(user):
            return _("Officers do not answer objections in matters of their own organisation.")
        return None
