from django.urls import path

from search.saved import views

urlpatterns = [
    path("searches/", views.saved_list, name="saved-list"),
    path("searches/new/", views.saved_new, name="saved-new"),
    path("searches/replace/", views.saved_replace, name="saved-replace"),
    path("searches/unsubscribe/<str:token>/", views.saved_unsubscribe, name="saved-unsubscribe"),
    path("searches/subscribe-again/<str:token>/", views.saved_subscribe_again, name="saved-subscribe-again"),
    path("searches/<str:code>/", views.saved_open, name="saved-open"),
    path("searches/<str:code>/edit/", views.saved_edit, name="saved-edit"),
    path("searches/<str:code>/alerts/", views.saved_change, name="saved-change"),
    path("searches/<str:code>/delete/", views.saved_remove, name="saved-remove"),
    path("searches/<str:code>/restore/", views.saved_restore, name="saved-restore"),
]
