"""Settings of reviews in the admin: what is disabled there ends reviews, and people are told of it."""

from wagtail.admin.auth import require_admin_access
from wagtail.admin.views import workflows

from marketplace.reviews.stopping import stop_reviews


class Disable(workflows.Disable):
    """Wagtail's page, which names how many reviews end; each is written down, and its authors hear of it."""

    def delete_action(self) -> None:
        stop_reviews(self.object, by=self.request.user)
        super().delete_action()


disable = require_admin_access(Disable.as_view())  # as Wagtail wraps each of its own addresses
