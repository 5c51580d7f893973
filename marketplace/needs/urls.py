from django.urls import path, re_path

from marketplace.needs import views

urlpatterns = [
    path("needs/new/", views.need_new, name="need-new"),
    path("needs/new/autosave/", views.need_begin, name="need-begin"),
    path("needs/mine/", views.need_mine, name="need-mine"),
    path("needs/<str:code>/", views.need_detail, name="need-detail"),
    path("needs/<str:code>/edit/", views.need_edit, name="need-edit"),
    path("needs/<str:code>/autosave/", views.need_autosave, name="need-autosave"),
    path("needs/<str:code>/solve/", views.need_solve, name="need-solve"),
    path("needs/<str:code>/close/", views.need_close, name="need-close"),
    path("needs/<str:code>/delete/", views.need_delete, name="need-delete"),
    re_path(r"^needs/(?P<code>\w+)/(?P<verb>recall|reopen)/$", views.need_act, name="need-act"),
]
