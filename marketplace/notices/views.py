"""The page of notices: by day, read and unread, and what comes by mail."""

from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.notices.actions import choose_mails, mailed_groups, mark_all_read, mark_read
from marketplace.notices.forms import MailForm
from marketplace.notices.groups import EXPLAINED, Group
from marketplace.notices.models import Notice


def _tabs(chosen: str, unread: int) -> list[dict[str, Any]]:
    address = reverse("notice-list")
    tabs: list[tuple[str, str, int | None]] = [("", _("All"), None), ("unread", _("Unread"), unread)]
    tabs += [(group.value, str(group.label), None) for group in Group]
    return [
        {"label": label, "href": f"{address}?show={key}" if key else address, "count": count, "current": key == chosen}
        for key, label, count in tabs
    ]


def _groups(mailed: set[str]) -> list[dict[str, Any]]:
    return [
        {
            "value": group.value,
            "label": group.label,
            "explained": EXPLAINED[group],
            "is_on": group in mailed,
            "stays": group == Group.LEGAL,
        }
        for group in Group
    ]


@login_required
def notice_list(request: Any) -> HttpResponse:
    """What the person was told, newest first, by day."""
    own = Notice.objects.visible_to(request.user)
    show = request.GET.get("show", "")
    shown = own.unread() if show == "unread" else own
    if show in Group.values:
        shown = shown.of_group(Group(show))
    page = Paginator(
        shown.select_related("entry__actor", "entry__taken_offline").prefetch_related("subject"), 30
    ).get_page(request.GET.get("page"))
    days = [
        (day, list(notices)) for day, notices in groupby(page, key=lambda notice: timezone.localdate(notice.created_at))
    ]
    unread = own.unread().count()
    context = {
        "days": days,
        "page_obj": page,
        "unread": unread,
        "tabs": _tabs(show, unread),
        "groups": _groups(mailed_groups(request.user)),
    }
    return render(request, "marketplace/notices/notice_list.html", context)


@login_required
def notice_open(request: Any, code: str) -> HttpResponse:
    """Note that a notice was read and go where it leads."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), code=code)
    mark_read(notice, by=request.user)
    return redirect(translate_url(notice.path, get_language() or settings.LANGUAGE_CODE))


@require_POST
@login_required
def notice_read_all(request: Any) -> HttpResponse:
    """Mark everything as read."""
    mark_all_read(by=request.user)
    return redirect("notice-list")


@require_POST
@login_required
def notice_mails(request: Any) -> HttpResponse:
    """Choose what comes by mail."""
    form = MailForm(request.POST)
    if form.is_valid():
        choose_mails(by=request.user, groups=form.cleaned_data["groups"])
        messages.success(request, _("Saved what comes by mail."))
    else:
        messages.error(request, _("There is no such group of notices."))
    return redirect("notice-list")
