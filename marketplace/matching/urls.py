"""Addresses of matches."""

from django.urls import path

from marketplace.matching import answer_views, broker_views, offer_views, record_views, views

urlpatterns = [
    path("matches/", views.match_list, name="match-list"),
    path("matches/<str:code>/", views.match_detail, name="match-detail"),
    path("matches/<str:code>/accept/", answer_views.match_accept, name="match-accept"),
    path("matches/<str:code>/decline/", answer_views.match_decline, name="match-decline"),
    path("matches/<str:code>/withdraw/", answer_views.match_withdraw, name="match-withdraw"),
    path("matches/<str:code>/reconsider/", answer_views.match_reconsider, name="match-reconsider"),
    path("matches/<str:code>/reason/", offer_views.match_correct, name="match-correct"),
    path("matches/<str:code>/pass-on/", broker_views.match_pass_on, name="match-pass-on"),
    path("matches/<str:code>/take-back/", record_views.match_take_back, name="match-take-back"),
    path("matches/<str:code>/pin/", record_views.match_pin, name="match-pin"),
    path("matches/<str:code>/unpin/", record_views.match_unpin, name="match-unpin"),
    path("needs/<str:code>/matches/", record_views.need_matches, name="need-matches"),
    path("needs/<str:code>/matches/add/", record_views.need_match_add, name="need-match-add"),
    path("needs/<str:code>/offer/", offer_views.need_offer, name="need-offer"),
    path("needs/<str:code>/offer/<str:number>/", offer_views.need_offer_outcome, name="need-offer-outcome"),
    path("outcomes/<str:number>/matches/", record_views.outcome_matches, name="outcome-matches"),
    path("outcomes/<str:number>/matches/add/", record_views.outcome_match_add, name="outcome-match-add"),
    path("needs/<str:code>/brokers/", broker_views.need_brokers, name="need-brokers"),
    path("outcomes/<str:number>/brokers/", broker_views.outcome_brokers, name="outcome-brokers"),
    path("invitations/<str:code>/", broker_views.invitation_detail, name="invitation-detail"),
    path("invitations/<str:code>/accept/", broker_views.invitation_accept, name="invitation-accept"),
    path("invitations/<str:code>/decline/", broker_views.invitation_decline, name="invitation-decline"),
    path("invitations/<str:code>/withdraw/", broker_views.invitation_withdraw, name="invitation-withdraw"),
]
