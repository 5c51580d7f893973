from django.urls import path, re_path

from marketplace.outcomes import co_owner_letter_views, co_owner_views, draft_views, views

NUMBER = r"^outcomes/(?P<number>[A-Z][\w-]*-[\w-]+)/"

urlpatterns = [
    path("outcomes/mine/", views.outcome_mine, name="outcome-mine"),
    path("outcomes/new/", draft_views.outcome_new, name="outcome-new"),
    path("outcomes/co-owned/", co_owner_views.co_ownership_list, name="co-ownership-list"),
    path("outcomes/co-owned/<slug:code>/", co_owner_views.co_ownership_detail, name="co-ownership-detail"),
    path(
        "outcomes/co-owned/<slug:code>/letter/", co_owner_letter_views.co_ownership_letter, name="co-ownership-letter"
    ),
    path("outcomes/co-owned/<slug:code>/answer/", co_owner_views.co_ownership_answer, name="co-ownership-answer"),
    re_path(NUMBER + "$", views.outcome_detail, name="outcome-detail"),
    re_path(NUMBER + "preview/$", views.outcome_preview, name="outcome-preview"),
    re_path(NUMBER + "edit/$", draft_views.outcome_edit, name="outcome-edit"),
    re_path(NUMBER + "autosave/$", draft_views.outcome_autosave, name="outcome-autosave"),
    re_path(NUMBER + "files/$", draft_views.outcome_file_add, name="outcome-file-add"),
    re_path(NUMBER + r"files/(?P<code>\w+)/remove/$", draft_views.outcome_file_remove, name="outcome-file-remove"),
    re_path(NUMBER + "delete/$", views.outcome_delete, name="outcome-delete"),
    re_path(NUMBER + "(?P<verb>confirm|withdraw|offer-again|recall)/$", views.outcome_act, name="outcome-act"),
]
