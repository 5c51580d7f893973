"""Which address is answered by which room. A noun that lands adds one line to NOUNS or NEUTRAL."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib.sitemaps.views import index, sitemap
from django.urls import include, path, re_path
from django.views.decorators.cache import cache_page
from django.views.i18n import set_language
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.views.account import LogoutView
from wagtail.documents import urls as wagtaildocs_urls

from cms import api, api_page, crawlers, health, media, old_addresses, showcase, staff_door
from cms.portal import documents
from cms.portal.feed import NewsFeed
from cms.staff import moves, removals, workflows
from marketplace.organisations.views import second_factor

# Pages that exist in both languages: "marketplace.<noun>.urls", "search.urls"
NOUNS: list[str] = [
    # the lists and the import come first: their words would be taken for numbers of records
    "search.urls",
    "search.saved.urls",
    "marketplace.outcomes.imports.urls",
    "marketplace.organisations.urls",
    "marketplace.notices.urls",
    "marketplace.desk.urls",
    "marketplace.brokers.applications.urls",
    "marketplace.brokers.training.urls",
    "marketplace.brokers.leads.urls",
    "marketplace.rewards.evaluation.urls",
    "marketplace.brokers.urls",
    "marketplace.matching.urls",
    "marketplace.deals.urls",
    "marketplace.contracts.lists.urls",  # before the addresses of contracts, whose code would match
    "marketplace.contracts.numbers.urls",
    "marketplace.contracts.urls",
    "marketplace.trials.urls",
    "marketplace.contracts.drafts.urls",
    "marketplace.contracts.performance.urls",
    "marketplace.contracts.payments.urls",
    "marketplace.contracts.sharing.urls",
    "marketplace.rewards.urls",
    "marketplace.reviews.urls",
    "marketplace.needs.urls",
    "marketplace.indicators.urls",
    "marketplace.publicity.urls",
    "marketplace.auctions.urls",
    "marketplace.outcomes.urls",
]

# Addresses without a language: API, live events, verification codes
NEUTRAL: list[str] = ["marketplace.core.urls", "marketplace.auctions.neutral_urls"]

handler400 = "cms.errors.bad_request"
handler403 = "cms.errors.permission_denied"
handler404 = "cms.errors.not_found"
handler429 = "cms.errors.too_many"
handler500 = "cms.errors.server_error"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("favicon.ico", crawlers.favicon, name="favicon"),
    path(
        "sitemap.xml",
        cache_page(crawlers.REMEMBERED)(index),
        {"sitemaps": crawlers.SITEMAPS, "sitemap_url_name": "sitemap-section"},
        name="sitemap",
    ),
    path(
        "sitemap-<str:section>.xml",
        cache_page(crawlers.REMEMBERED)(sitemap),
        {"sitemaps": crawlers.SITEMAPS},
        name="sitemap-section",
    ),
    path("language/", set_language, name="set-language"),
    re_path(r"^admin/(?:login|password_reset)/.*$", staff_door.sign_in),
    path("admin/logout/", LogoutView.as_view()),  # Wagtail's own asks for a role, which may be lost meanwhile
    path("admin/workflows/disable/<int:pk>/", workflows.disable),
    path("admin/workflows/tasks/disable/<int:pk>/", workflows.disable_task),
    path("admin/pages/<int:page_id>/unpublish/", removals.unpublish),
    path("admin/pages/<int:page_id>/delete/", removals.delete),
    path("admin/pages/<int:page_to_move_id>/move/", moves.move),
    path("admin/translation/submit/page/<int:page_id>/", moves.translate),
    path("admin/", include(wagtailadmin_urls)),
    re_path(r"^documents/(\d+)/(.*)$", documents.send),  # asks which pages lead there, before Wagtail's own
    path("documents/", include(wagtaildocs_urls)),
    path("en/verify/", old_addresses.verify_in_english),
    path("en/verify/<str:code>/", old_addresses.verify_in_english),
    *(path("", include(urls)) for urls in NEUTRAL),
    path("api/v1/openapi.json", api.openapi, name="api-document"),
    path("api/v1/", include(api.urlpatterns)),
    path("api/problems/<str:code>", api.problem_type, name="api-problem"),
    re_path(r"^api/.", api.nothing_here),
    re_path(rf"^media/(?P<path>(?:{media.FOLDERS})/[^/]+)$", media.picture),
    *i18n_patterns(
        # ours of the same names, before allauth's
        path("accounts/2fa/totp/activate/", second_factor.ActivateApp.as_view(), name="mfa_activate_totp"),
        path("accounts/2fa/webauthn/add/", second_factor.AddKey.as_view(), name="mfa_add_webauthn"),
        path("accounts/", include("allauth.urls")),
        path("api/", api_page.api, name="api"),
        path("feed.xml", NewsFeed(), name="news-feed"),
        path("components/", showcase.components, name="components"),
        *(path("", include(urls)) for urls in NOUNS),
        path("_util/login/", staff_door.sign_in, {"leads_to": "/"}, name="wagtailcore_login"),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
