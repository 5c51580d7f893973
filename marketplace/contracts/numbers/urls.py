"""Addresses of returned numbers."""

from django.urls import path

from marketplace.contracts.numbers import views

urlpatterns = [
    path("contracts/numbers/", views.numbers_list, name="numbers-list"),
    path("contracts/numbers/<str:code>/", views.numbers_detail, name="numbers-detail"),
    path("contracts/numbers/<str:code>/take-over/", views.numbers_take_over, name="numbers-take-over"),
    path("contracts/numbers/<str:code>/export/", views.numbers_export, name="numbers-export"),
]
