"""Addresses of leads; they come before those of single brokers."""

from django.urls import path

from marketplace.brokers.leads import views

urlpatterns = [
    path("brokers/leads/", views.lead_list, name="lead-list"),
    path("brokers/leads/new/", views.lead_new, name="lead-new"),
    path("brokers/leads/<str:code>/", views.lead_detail, name="lead-detail"),
    path("brokers/leads/<str:code>/confirm/", views.lead_confirm, name="lead-confirm"),
    path("brokers/leads/<str:code>/take-back/", views.lead_take_back, name="lead-take-back"),
    path("brokers/leads/<str:code>/decline/", views.lead_decline, name="lead-decline"),
    path("brokers/leads/<str:code>/withdraw/", views.lead_withdraw, name="lead-withdraw"),
]
