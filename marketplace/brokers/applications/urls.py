"""Addresses of applications; they come before those of single brokers."""

from django.urls import path

from marketplace.brokers.applications import views

urlpatterns = [
    path("brokers/apply/", views.broker_apply, name="broker-apply"),
    path("brokers/applications/", views.application_list, name="application-list"),
    path("brokers/applications/<str:code>/", views.application_detail, name="application-detail"),
    path("brokers/applications/<str:code>/complete/", views.application_complete, name="application-complete"),
    path("brokers/applications/<str:code>/withdraw/", views.application_withdraw, name="application-withdraw"),
    path("brokers/applications/<str:code>/check/", views.application_check, name="application-check"),
    path("brokers/applications/<str:code>/return/", views.application_return, name="application-return"),
    path("brokers/applications/<str:code>/refuse/", views.application_refuse, name="application-refuse"),
    path("brokers/applications/<str:code>/file/", views.application_file, name="application-file"),
    path("brokers/<str:code>/renewal/", views.broker_renewal, name="broker-renewal"),
]
