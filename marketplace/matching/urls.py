"""Addresses of matches."""

from django.urls import path

from marketplace.matching import views

urlpatterns = [
    path("matches/", views.match_list, name="match-list"),
    path("matches/<str:code>/", views.match_detail, name="match-detail"),
    path("matches/<str:code>/accept/", views.match_accept, name="match-accept"),
    path("matches/<str:code>/decline/", views.match_decline, name="match-decline"),
    path("needs/<str:code>/matches/", views.need_matches, name="need-matches"),
    path("outcomes/<str:number>/matches/", views.outcome_matches, name="outcome-matches"),
]
