"""Addresses of deals and of interest."""

from django.urls import path

from marketplace.deals import engaging, interests, lead_views, moving, rooms, stepping, views

urlpatterns = [
    path("outcomes/<str:number>/interest/", interests.interest_new, name="interest-new"),
    path("interests/", interests.interest_list, name="interest-list"),
    path("interests/<str:code>/", interests.interest_detail, name="interest-detail"),
    path("interests/<str:code>/move/", interests.interest_move, name="interest-move"),
    path("interests/<str:code>/accept/", interests.interest_accept, name="interest-accept"),
    path("interests/<str:code>/decline/", interests.interest_decline, name="interest-decline"),
    path("interests/<str:code>/withdraw/", interests.interest_withdraw, name="interest-withdraw"),
    path("matches/<str:code>/deal/", interests.deal_from_match, name="deal-from-match"),
    path("brokers/leads/<str:code>/deal/", lead_views.lead_link, name="lead-link"),
    path("deals/", views.deal_list, name="deal-list"),
    path("deals/export/", views.deal_export, name="deal-export"),
    path("deals/<str:code>/", views.deal_detail, name="deal-detail"),
    path("deals/<str:code>/move/", moving.deal_move, name="deal-move"),
    path("deals/<str:code>/terms/", rooms.deal_terms, name="deal-terms"),
    path("deals/<str:code>/readings/", rooms.deal_readings, name="deal-readings"),
    path("deals/<str:code>/take-up/", stepping.deal_take_up, name="deal-take-up"),
    path("deals/<str:code>/nda/", stepping.deal_nda, name="deal-nda"),
    path("deals/<str:code>/pricing/", stepping.deal_pricing, name="deal-pricing"),
    path("deals/<str:code>/price/", stepping.deal_price, name="deal-price"),
    path("deals/<str:code>/price/<str:proposal>/accept/", stepping.deal_price_accept, name="deal-price-accept"),
    path("deals/<str:code>/reopen/", stepping.deal_reopen, name="deal-reopen"),
    path("deals/<str:code>/reopen/withdraw/", stepping.deal_reopen_withdraw, name="deal-reopen-withdraw"),
    path("deals/<str:code>/broker/", stepping.deal_broker, name="deal-broker"),
    path("deals/<str:code>/engagement/", engaging.deal_engagement, name="deal-engagement"),
    path("deals/<str:code>/broker/consent/", stepping.deal_broker_consent, name="deal-broker-consent"),
    path("deals/<str:code>/broker/release/", stepping.deal_broker_release, name="deal-broker-release"),
    path("deals/<str:code>/notes/", stepping.deal_note, name="deal-note"),
    path("deals/<str:code>/files/", stepping.deal_file, name="deal-file"),
    path("deals/<str:code>/terminate/", stepping.deal_terminate, name="deal-terminate"),
    path("deals/<str:code>/finish/", stepping.deal_finish, name="deal-finish"),
]
