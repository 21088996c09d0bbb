"""The door."""

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tenants.forms import LoginForm
from tenants.models import User
from tenants.services.sign_in import Outcome, sign_in, sign_out

ANSWERS = {
    Outcome.REFUSED: "That e-mail and password do not go together.",
    Outcome.NOT_OPEN: "You are known, but your workspace is not open here yet. People of the platform can sign in.",
}


@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login_page(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return HttpResponseRedirect(_next(request))
    form = LoginForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "account/login.html", {"form": form, "next": request.GET.get("next", "")})
    attempt = sign_in(form.cleaned_data["email"], form.cleaned_data["password"])
    if attempt.person is None:
        form.add_error(None, ANSWERS[attempt.outcome])
        context = {"form": form, "next": request.POST.get("next", "")}
        return render(request, "account/login.html", context, status=403)
    login(request, attempt.person)
    return HttpResponseRedirect(_next(request))


@require_POST
def logout_page(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)  # LoginRequiredMiddleware
    sign_out(request.user)
    logout(request)
    return HttpResponseRedirect(resolve_url("login"))


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go, as long as that is here."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else resolve_url("home")
