"""Addresses of registration lists."""

from django.urls import path

from marketplace.contracts.lists import views

urlpatterns = [
    path("contracts/lists/", views.list_list, name="list-list"),
    path("contracts/lists/new/", views.list_new, name="list-new"),
    path("contracts/lists/export/", views.list_export, name="list-export"),
    path("contracts/lists/<str:code>/", views.list_detail, name="list-detail"),
    path("contracts/lists/<str:code>/issue/", views.list_issue, name="list-issue"),
    path("contracts/lists/<str:code>/refuse/", views.list_refuse, name="list-refuse"),
    path("contracts/lists/<str:code>/pdf/", views.list_pdf, name="list-pdf"),
    path("contracts/lists/<str:code>/table/", views.list_table, name="list-table"),
]
