"""Addresses of the register of brokers; the list `/brokers/` belongs to search."""

from django.urls import path

from marketplace.brokers import views

urlpatterns = [
    path("brokers/new/", views.broker_create, name="broker-create"),
    path("brokers/firms/", views.broker_firms, name="broker-firms"),
    path("brokers/<str:code>/", views.broker_detail, name="broker-detail"),
    path("brokers/<str:code>/card/", views.broker_card, name="broker-card"),
    path("brokers/<str:code>/change/", views.broker_change, name="broker-change"),
    path("brokers/<str:code>/renew/", views.broker_renew, name="broker-renew"),
    path("brokers/<str:code>/suspend/", views.broker_suspend, name="broker-suspend"),
    path("brokers/<str:code>/reinstate/", views.broker_reinstate, name="broker-reinstate"),
    path("brokers/<str:code>/revoke/", views.broker_revoke, name="broker-revoke"),
]
