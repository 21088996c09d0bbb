"""Skills: the library, some side by side, one with its versions, and the version editor."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from content.leaks import Hit, Text, TooLong
from content.models import Skill, SkillVersion
from content.queries.brands import BrandUnreadable
from content.queries.numbers import numbers
from content.queries.review import leaks_of, texts_of
from content.queries.skills import with_owners
from content.services.events import may_touch
from content.services.skills import NAME, fork_skill, retire_skill
from content.services.versions import NOTES, activate_version, draft_version, roll_back
from ndsadmin.dashboard.drafting import draft_of
from ndsadmin.dashboard.library import COMPARED, ORDERS, exported, figure, library, listed, why_hidden
from ndsadmin.dashboard.marking import Marked, marked
from ndsadmin.dashboard.skill import said_by, skill_page
from ndsadmin.tables.export import FORMATS, csv_of
from security.actions import Action
from security.columns import now
from security.exceptions import SecurityError
from security.roles import Verb, may
from security.scope import Reach, current_scope
from security.services.access import record_look
from security.services.exports import begin_export, end_export
from tenants.models import User

TABLE = Skill._meta.db_table


@never_cache
@require_safe
def skills(request: HttpRequest) -> HttpResponse:
    """The library: everybody's skills, and (of a tenant) its own."""
    _who(request)
    page = library(request.GET.dict(), now().date())
    record_look(Action.READ_SKILL_METRICS, "library")
    context = {"title": "Skills", "page": page, "orders": len(ORDERS), "compared": COMPARED,
               "may_export": may(current_scope().role, Verb.EXPORT, TABLE)}  # fmt: skip
    return render(request, "skills/library.html", context)


@never_cache
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The library as CSV, as the address filters it; recorded before it goes."""
    _who(request)
    if not may(current_scope().role, Verb.EXPORT, TABLE):
        raise PermissionDenied
    record_look(Action.READ_SKILL_METRICS, "library")
    rows, tenants = exported(request.GET.dict(), now().date()), [current_scope().tenant_id]
    asked = {"format": "csv", "filters": {key: request.GET.getlist(key) for key in request.GET}}
    begin_export(TABLE, tenants=tenants, asked=asked)
    response = HttpResponse(csv_of(rows), content_type=FORMATS["csv"].content_type)
    response["Content-Disposition"] = f'attachment; filename="skills-{now():%Y-%m-%d}.csv"'
    end_export(TABLE, tenants=tenants, asked=asked, rows=len(rows) - 1, is_whole=True)
    return response


@never_cache
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Two to four skills side by side."""
    _who(request)
    keys = list(dict.fromkeys(request.GET.getlist("skill")))
    if not COMPARED[0] <= len(keys) <= COMPARED[1]:
        messages.error(request, f"Select {COMPARED[0]} to {COMPARED[1]} skills to compare, not {len(keys)}.")
        return HttpResponseRedirect(reverse("skills"))
    found = {skill.pk: skill for skill in listed(Skill.objects.filter(pk__in=keys))}
    if len(found) < len(keys):
        raise Http404("There is no such skill.")
    known = numbers(now().date(), keys)
    active = {row.skill_id: row for row in SkillVersion.objects.filter(skill__in=keys, is_active=True)}
    columns = []
    for skill in map(found.__getitem__, keys):
        said = said_by(active[skill.pk]) if skill.pk in active else []
        columns.append((skill, why_hidden(skill), figure(known.get(skill.pk)), said))
    record_look(Action.READ_SKILL_METRICS, "library")
    return render(request, "skills/compare.html", {"title": "Side by side", "columns": columns})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def skill(request: HttpRequest, key: str) -> HttpResponse:
    """One skill, and what may be done with it."""
    who = _who(request)
    found = get_object_or_404(with_owners(Skill.objects.all()), pk=key)
    if request.method == "POST":
        if not any(may_touch(found, verb, who) for verb in (Verb.CHANGE, Verb.PUBLISH)) and not _may_fork():
            raise PermissionDenied
        return HttpResponseRedirect(_told(request, lambda: _do(request, found, who)) or request.path)
    record_look(Action.READ_SKILL_METRICS, found.pk)
    page = skill_page(found, who, request.GET.dict(), now().date())
    return render(request, "skills/skill.html", {"title": found.name, "page": page, "name_length": NAME})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def versions(request: HttpRequest, key: str) -> HttpResponse:
    """The version editor: a draft from any version, searched for the brand while it is written."""
    who = _who(request)
    found = get_object_or_404(Skill, pk=key)
    if not may_touch(found, Verb.CHANGE, who):
        raise PermissionDenied
    given = request.POST if request.method == "POST" else request.GET
    own = SkillVersion.objects.filter(skill=found)
    number = given.get("from", "")
    if number:
        base = own.filter(version_number=int(number)).first() if number.isdecimal() and len(number) < 9 else None
        if base is None:
            raise Http404("There is no such version.")
    else:
        base = own.order_by("-is_active", "-version_number").first()
    if base is None:
        messages.error(request, "This skill has no version to begin with.")
        return HttpResponseRedirect(reverse("skill", args=[key]))
    is_sent = request.method == "POST"
    notes = request.POST.get("notes", "")
    draft = draft_of(
        base, request.POST.dict() if is_sent else None, request.POST.getlist("guards") if is_sent else None
    )
    if is_sent and "save" in request.POST and not draft.problems:
        try:
            made = draft_version(found, draft.documents, notes=notes, who=who)
        except SecurityError as refusal:
            draft.problems.append(str(refusal))
        else:
            messages.success(
                request, f"Version {made.version_number} is kept as a draft. Put it into use when it is ready."
            )
            return HttpResponseRedirect(reverse("skill", args=[key]))
    unsaved = SkillVersion(skill=found, version_notes=notes, **draft.documents)
    context = {
        "title": f"New version of {found.name}", "skill": found, "base": base, "draft": draft, "notes": notes,
        "notes_length": NOTES, **_searched(found, unsaved),
    }  # fmt: skip
    return render(
        request, "skills/editor.html", context, status=400 if draft.problems and "save" in request.POST else 200
    )


def _searched(found: Skill, version: SkillVersion) -> dict[str, object]:
    """What the draft tells of the brand of the skill's tenant; of everybody's, of those it comes from."""
    try:
        texts = [text for text in texts_of(found, version) if text.text]
        hits = leaks_of(found, texts)
    except (BrandUnreadable, TooLong) as problem:
        return {"problem": str(problem), "places": []}
    return {"places": _places(texts, hits)}


def _places(texts: list[Text], hits: list[Hit]) -> list[Marked]:
    return [one for one in marked(texts, hits) if one.hits]


def _do(request: HttpRequest, found: Skill, who: User) -> str:
    """Do what a button asks for, and say so; the address to go on at, where it is another."""
    given, reason = request.POST, request.POST.get("reason", "")
    match given.get("do"):
        case "retire":
            retire_skill(found, reason=reason, who=who)
            messages.success(request, f"{found.name} is retired.")
        case "fork":
            made = fork_skill(found, _version(found, given), name=given.get("name", ""), reason=reason)
            messages.success(request, f"{made.name} is yours now.")
            return reverse("skill", args=[made.pk])
        case "activate":
            version = _version(found, given)
            activate_version(found, version, reason=reason, who=who)
            messages.success(request, f"Version {version.version_number} is in use.")
        case "roll_back":
            version = _version(found, given)
            made_version = roll_back(found, version, reason=reason, who=who)
            messages.success(
                request, f"Version {version.version_number} is back, as version {made_version.version_number}."
            )
        case other:
            raise BadRequest(f"do: expected something that a button of the page says, got {other!r}.")
    return ""


def _version(found: Skill, given: QueryDict) -> SkillVersion:
    return get_object_or_404(SkillVersion, pk=given.get("version", ""), skill=found)


def _told(request: HttpRequest, work: Callable[[], str]) -> str:
    try:
        return work()
    except SecurityError as refusal:
        messages.error(request, str(refusal))
    return ""


def _may_fork() -> bool:
    return current_scope().reach is Reach.TENANT and may(current_scope().role, Verb.CHANGE, TABLE)


def _who(request: HttpRequest) -> User:
    if not may(current_scope().role, Verb.VIEW, TABLE):
        raise PermissionDenied
    assert isinstance(request.user, User)
    return request.user
