from django.urls import path

from search import draft_views, views

urlpatterns = [
    path("outcomes/", views.record_list, {"kind": "outcome"}, name="outcome-list"),
    path("outcomes/<str:number>/similar/", views.similar_outcomes, name="outcome-similar"),
    path("outcomes/<str:number>/hints/", draft_views.draft_hints, name="outcome-hints"),
    path(
        "outcomes/<str:key>/beside/<str:other>/", draft_views.records_beside, {"noun": "outcome"}, name="outcome-beside"
    ),
    path("needs/", views.record_list, {"kind": "need"}, name="need-list"),
    path("needs/<str:code>/alike/", draft_views.need_alike, name="need-alike"),
    path("needs/<str:key>/beside/<str:other>/", draft_views.records_beside, {"noun": "need"}, name="need-beside"),
    path("outcomes/suggestions/", views.suggestions, {"kind": "outcome"}, name="outcome-suggestions"),
    path("needs/suggestions/", views.suggestions, {"kind": "need"}, name="need-suggestions"),
    path("brokers/", views.record_list, {"kind": "broker"}, name="broker-list"),
    path("brokers/suggestions/", views.suggestions, {"kind": "broker"}, name="broker-suggestions"),
    path("lots/", views.record_list, {"kind": "lot"}, name="lot-list"),
    path("lots/suggestions/", views.suggestions, {"kind": "lot"}, name="lot-suggestions"),
    path("search/", views.search_all, name="search"),
    path("search/text/", views.search_text, name="search-text"),
    path("search/suggestions/", views.suggestions, name="search-suggestions"),
]
