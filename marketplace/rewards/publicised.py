"""What the publicity of a reward shows, and who answers objections."""

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from marketplace.core.money import format_exact
from marketplace.rewards.concern import is_concerned, why_not_decide

if TYPE_CHECKING:
    from marketplace.rewards.models import RewardClaim


class Publicised:
    """A claim in the words of `marketplace.publicity`."""

    PUBLICITY_NEEDS: ClassVar[tuple[str, ...]] = ("broker", "contract")

    @property
    def publicity_title(self) -> str:
        claim = cast("RewardClaim", self)
        return _("Reward of %(broker)s for contract %(number)s") % {
            "broker": claim.broker.name,
            "number": claim.contract.number,
        }

    def publicity_facts(self) -> list[tuple[Any, str]]:
        """Return what is published, as (label, words); of the contract only its number is public."""
        claim = cast("RewardClaim", self)
        return [
            (gettext_lazy("Broker"), claim.broker.name),
            (gettext_lazy("Certificate number"), claim.broker.certificate_no),
            (gettext_lazy("Registration number"), str(claim.contract.number)),
            (gettext_lazy("Rule"), f"{claim.rule.value} ({claim.rule.called})"),
            (gettext_lazy("Reward"), format_exact(claim.amount or 0, get_language() or "zh-hans")),
        ]

    def publicity_opens_for(self, user: Any) -> bool:
        """Tell whether the reader of the publicity may open the claim itself."""
        claim = cast("RewardClaim", self)
        return type(claim).objects.visible_to(user).filter(pk=claim.pk).exists()

    def publicity_concerns(self, user: Any) -> bool:
        """Tell whether the claim concerns the reader of the publicity or their organisation."""
        return is_concerned(user, cast("RewardClaim", self))

    def publicity_is_of(self, user: Any) -> bool:
        """Tell whether the reward is the reader's own: nobody objects to that."""
        return cast("RewardClaim", self).broker.user_id == user.pk

    def why_not_answer_objection(self, user: Any) -> str | None:
        """Objections are answered by whoever may decide on the claim."""
        return why_not_decide(user, cast("RewardClaim", self))
