"""Whether a broker may still work in what was begun before: one answer for deals, matches and their files.

An expired certificate takes nothing new on and completes what was begun; suspension, revocation and a blocked account
stop reading and writing at once.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.brokers.models import TechBroker


def why_not_work(broker: TechBroker) -> str | None:
    """Return why a broker reads and writes nothing in deals and matches now, as told to the broker, or None."""
    states = TechBroker.State
    if broker.state in (states.SUSPENDED, states.REVOKED):
        since = timezone.localdate(broker.decided_at).isoformat() if broker.decided_at else ""
        words = {
            states.SUSPENDED: _(
                "The district suspended your filing as a broker on %(day)s. Until it is reinstated you read and write "
                "nothing in deals and matches."
            ),
            states.REVOKED: _(
                "The district revoked your filing as a broker on %(day)s. You read and write nothing in deals and "
                "matches any more."
            ),
        }
        return words[states(broker.state)] % {"day": since}
    if broker.user is not None and not broker.user.is_active:
        return _("Your account is blocked. You read and write nothing in deals and matches.")
    return None


def stopped_words(broker: TechBroker) -> str:
    """Return what the clients of a broker who may not work read beside the name, or ""."""
    words = {
        TechBroker.State.SUSPENDED: _("The filing of %(broker)s is suspended: no acting for anybody any more"),
        TechBroker.State.REVOKED: _("The filing of %(broker)s is revoked: no acting for anybody any more"),
    }
    blocked = broker.user is not None and not broker.user.is_active
    said = words.get(TechBroker.State(broker.state), _("The account of %(broker)s is blocked") if blocked else "")
    return said % {"broker": broker.name} if said else ""
