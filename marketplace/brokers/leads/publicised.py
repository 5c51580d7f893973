"""What the objection window of a lead shows in public, and who answers objections."""

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.organisations.models import MemberRole, Organisation, Role

if TYPE_CHECKING:
    from marketplace.brokers.leads.models import Lead


class Publicised:
    """A lead in the words of `marketplace.publicity`; whose contact it is, is not public."""

    PUBLICITY_NEEDS: ClassVar[tuple[str, ...]] = ("broker", "need", "outcome")

    @property
    def publicity_title(self) -> str:
        lead = cast("Lead", self)
        return _("Lead of %(broker)s: %(record)s") % {"broker": lead.broker.name, "record": self._record()}

    def _record(self) -> str:
        lead = cast("Lead", self)
        return _("an organisation of the district (name withheld)") if lead.contact_id else lead.called

    def publicity_facts(self) -> list[tuple[Any, str]]:
        """Return what is published, as (label, words)."""
        lead = cast("Lead", self)
        filed = timezone.localtime(lead.registered_at).strftime("%Y-%m-%d %H:%M:%S")
        return [
            (gettext_lazy("Broker"), lead.broker.name),
            (gettext_lazy("Certificate number"), lead.broker.certificate_no),
            (gettext_lazy("What the broker brought"), f"{lead.get_kind_display()}{_(': ')}{self._record()}"),
            (gettext_lazy("Filed at"), filed),
        ]

    def publicity_opens_for(self, user: Any) -> bool:
        """Tell whether the reader of the publicity may open the lead itself."""
        lead = cast("Lead", self)
        return type(lead).objects.visible_to(user).filter(pk=lead.pk).exists()

    def publicity_concerns(self, user: Any) -> bool:
        """Tell whether the lead is the reader's own, or of their organisation as party or as the broker's firm."""
        lead = cast("Lead", self)
        parties = [key for key in (lead.party_id, lead.broker.firm_id) if key]
        return lead.broker.user_id == user.pk or any(user.acts_for(key) for key in parties)

    def publicity_is_of(self, user: Any) -> bool:
        """Tell whether the lead is the reader's own: nobody objects to that."""
        return cast("Lead", self).broker.user_id == user.pk

    def publicity_agreed_by(self, user: Any) -> bool:
        """Tell whether the reader belongs to the party that confirmed: it takes its confirmation back instead."""
        return bool(user.acts_for(cast("Lead", self).party_id))

    def publicity_sides_of(self, user: Any) -> dict[str, Organisation | None]:
        """Return the sides of a lead for which the reader replies to objections: its broker, its party."""
        lead = cast("Lead", self)
        if not user.is_authenticated:
            return {}
        sides: dict[str, Organisation | None] = {"broker": None} if lead.broker.user_id == user.pk else {}
        if user.acts_for(lead.party_id, MemberRole.MANAGER):
            sides["party"] = lead.party
        return sides

    def why_not_answer_objection(self, user: Any) -> str | None:
        """Objections to a lead are answered by officers who belong neither to the party nor to the broker's firm."""
        if not user.is_authenticated or not user.has_role(Role.OFFICER):
            return _("Only officers of the district answer objections to a lead.")
        if self.publicity_concerns(user):
            return _("Nobody decides on a lead of their own or of their own organisation.")
        return None
