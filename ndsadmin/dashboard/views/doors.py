"""Doors for who is not in yet: an invitation, a forgotten password.

A link that was mailed carries a token. It goes into the session at once and out of the address, so that it stands in no
history and no referrer (OWASP ASVS 5.0, 14.2.1).
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from ndsadmin.dashboard.links import link_to
from ndsadmin.dashboard.views.sign_in import welcome
from security.exceptions import SecurityError
from tenants.forms import ForgottenForm, JoinForm, NewPasswordForm
from tenants.models import User
from tenants.services.accounts import forget_password, reset_password, resettable
from tenants.services.invitations import accept, asked_by
from tenants.throttling import count_attempt, is_throttled

INVITED = "invited"
RESETTING = "resetting"
GONE = "This link does not hold any more: it was used, it is too old, or there is a newer one."


@login_not_required
@never_cache
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link of an invitation."""
    request.session[INVITED] = token
    return HttpResponseRedirect(reverse("joining"))


@login_not_required
@sensitive_post_parameters("password", "again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Who is invited says his name and chooses a password."""
    token = request.session.get(INVITED, "")
    asked = asked_by(token) if token else None
    if asked is None:
        return render(request, "account/gone.html", {"title": "Invitation", "message": GONE}, status=404)
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            person = accept(token, full_name=given["full_name"], password=given["password"])
        except SecurityError as refusal:
            form.add_error(None, str(refusal))
        else:
            request.session.flush()  # whoever was in here before is not the one who comes in
            return welcome(request, person)
    context = {"title": "Join", "form": form, "asked": asked, "other": request.user.is_authenticated}
    return render(request, "account/join.html", context, status=400 if form.errors else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link. The answer is the same whoever asks."""
    form = ForgottenForm(request.POST or None)
    is_asked = request.method == "POST" and form.is_valid()
    if is_asked:
        counted = f"forgotten {form.cleaned_data['email']}"
        if is_throttled(request, counted):
            return render(request, "account/throttled.html", {"title": "Too many"}, status=429)
        count_attempt(request, counted)
        forget_password(form.cleaned_data["email"], lambda person, token: _resetting(request, person, token))
    return render(request, "account/forgotten.html", {"title": "Forgotten password", "form": form, "asked": is_asked})


@login_not_required
@never_cache
@require_safe
def reset_link(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """The link that was mailed."""
    request.session[RESETTING] = [uid, token]
    return HttpResponseRedirect(reverse("new-password"))


@login_not_required
@sensitive_post_parameters("password", "again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """Choose another password; then sign in with it."""
    uid, token = request.session.get(RESETTING, ("", ""))
    user_id = _user_id(uid)
    if not token or resettable(user_id, token) is None:
        return render(request, "account/gone.html", {"title": "New password", "message": GONE}, status=404)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reset_password(user_id, token, form.cleaned_data["password"])
        except SecurityError as refusal:
            form.add_error(None, str(refusal))
        else:
            request.session.flush()
            return render(request, "account/reset.html", {"title": "New password"})
    context = {"title": "New password", "form": form}
    return render(request, "account/new_password.html", context, status=400 if form.errors else 200)


def _resetting(request: HttpRequest, person: User, token: str) -> str:
    uid = urlsafe_b64encode(person.pk.encode()).decode().rstrip("=")
    return link_to(request, "reset-link")(uid, token)


def _user_id(uid: str) -> str:
    try:
        return urlsafe_b64decode(uid + "=" * (-len(uid) % 4)).decode()
    except (Error, ValueError):
        return ""
