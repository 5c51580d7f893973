"""Addresses of the pool and of trials."""

from django.urls import path

from marketplace.trials import conversion, ledger, pool_views, views

urlpatterns = [
    path("outcomes/<str:number>/pool/", pool_views.pool_enter, name="pool-enter"),
    path("outcomes/<str:number>/trial/", views.trial_new, name="trial-new"),
    path("pool/", pool_views.pool_list, name="pool-list"),
    path("pool/<str:code>/", pool_views.pool_detail, name="pool-detail"),
    path("pool/<str:code>/terms/", pool_views.pool_terms, name="pool-terms"),
    path("pool/<str:code>/<slug:verb>/", pool_views.pool_act, name="pool-act"),
    path("trials/", ledger.trial_list, name="trial-list"),
    path("trials/export/", ledger.trial_export, name="trial-export"),
    path("trials/<str:code>/", views.trial_detail, name="trial-detail"),
    path("trials/<str:code>/contract/", views.trial_contract, name="trial-contract"),
    path("trials/<str:code>/contract.pdf", views.trial_contract_pdf, name="trial-contract-pdf"),
    path("trials/<str:code>/convert/ask/", conversion.trial_convert, name="trial-convert"),
    path("trials/<str:code>/accept/ask/", conversion.trial_accept, name="trial-accept"),
    path("trials/<str:code>/<slug:verb>/", views.trial_act, name="trial-act"),
]
