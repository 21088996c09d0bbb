import re
from typing import Any

from django import forms

from security.forms import GuardedForm
from tenants.brands import WEIGHTS, Brand, Typeface, typeface
from tenants.colours import is_colour
from tenants.passwords import MIN_CHARACTERS

MOST_COLOURS, MOST_LINES, MOST_CHARACTERS = 12, 200, 200
NAME = re.compile(r"[\w -]{1,40}")
FAMILY = re.compile(r"[\w .'-]{1,60}")


class TenantForm(GuardedForm):
    def clean_settings(self) -> Any:
        settings = self.cleaned_data["settings"]
        if settings is not None and not isinstance(settings, dict):
            raise forms.ValidationError(f"Expected an object such as {{}}, got {type(settings).__name__}.")
        return settings


class LoginForm(forms.Form):
    """The door. Whitespace around a password is part of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})

    email = forms.CharField(
        label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        strip=False, max_length=1024, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class ForgottenForm(forms.Form):
    """Asks for a link to another password."""

    email = forms.CharField(
        label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})


class NewPasswordForm(forms.Form):
    """A password, typed twice. What it must be is said by the service."""

    password = forms.CharField(
        label="New password", strip=False, max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=f"At least {MIN_CHARACTERS} characters; a sentence is good. No common ones, no names.",
    )  # fmt: skip
    again = forms.CharField(
        label="The same again", strip=False, max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})

    def clean_again(self) -> str:
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError("The two passwords differ.")
        return again


class JoinForm(NewPasswordForm):
    """Who is invited: his name and a password."""

    full_name = forms.CharField(
        label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True})
    )
    field_order = ("full_name", "password", "again")


class Several(forms.TextInput):
    """Inputs of one name: a list of texts."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [value.strip() for value in data.getlist(name)]


class Lines(forms.CharField):
    """A text a line."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}))

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else "\n".join(value or ())

    def to_python(self, value: Any) -> Any:
        return tuple(line.strip() for line in str(value or "").splitlines() if line.strip())

    def validate(self, value: Any) -> None:
        if long := [line for line in value if len(line) > MOST_CHARACTERS]:
            raise forms.ValidationError(
                f"Expected lines of at most {MOST_CHARACTERS} characters; one has {len(long[0])}."
            )
        if len(value) > MOST_LINES:
            raise forms.ValidationError(f"Expected at most {MOST_LINES} lines, got {len(value)}.")

    def run_validators(self, value: Any) -> None: ...


class BrandForm(forms.Form):
    """A brand by its parts. ``brand()`` is what was given; what the form does not show stays as it is."""

    palette = forms.Field(widget=Several, required=False, label="Colours")
    role = forms.Field(widget=Several, required=False)
    family = forms.Field(widget=Several, required=False)
    weight = forms.Field(widget=Several, required=False)
    size = forms.Field(widget=Several, required=False)
    unit = forms.Field(widget=Several, required=False)
    min_size = forms.IntegerField(label="Smallest size (px)", required=False, min_value=0, max_value=4096)
    safe_zone = forms.IntegerField(label="Safe zone (px)", required=False, min_value=0, max_value=4096)
    avoid = Lines("Words to avoid")
    reason = forms.CharField(label="Why", max_length=400, help_text="Kept in the audit trail with the change.")

    def __init__(self, brand: Brand, data: Any = None) -> None:
        super().__init__(data, label_suffix="", initial=_initial(brand))
        self.before = brand
        for kind, words in (("use", brand.use), ("messaging", brand.messaging)):
            usual = {"use": "products", "messaging": "taglines"}[kind]
            for name in {**words, usual: ()}:
                self.fields[f"{kind}:{name}"] = Lines(name.replace("_", " ").capitalize())
                self.initial[f"{kind}:{name}"] = words.get(name, ())

    @property
    def sizes(self) -> list[forms.BoundField]:
        return [self["min_size"], self["safe_zone"]]

    @property
    def words(self) -> list[forms.BoundField]:
        return [*self._group("use"), self["avoid"]]

    @property
    def said(self) -> list[forms.BoundField]:
        return self._group("messaging")

    def _group(self, kind: str) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(f"{kind}:")]

    def clean_palette(self) -> tuple[str, ...]:
        colours = [colour.lower() for colour in self.cleaned_data["palette"] if colour]
        for place, colour in enumerate(colours, 1):
            if not is_colour(colour):
                raise forms.ValidationError(
                    f"Colour {place}: expected # and six hex digits such as #1a5f7a, got {colour!r}."
                )
        if len(colours) > MOST_COLOURS:
            raise forms.ValidationError(f"Expected at most {MOST_COLOURS} colours, got {len(colours)}.")
        if len(set(colours)) < len(colours):
            raise forms.ValidationError("Each colour once.")
        if not colours and "palette" not in self.before.odd:
            raise forms.ValidationError("Expected at least one colour.")
        return tuple(colours)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        columns = [given.get(name) or [] for name in ("role", "family", "weight", "size", "unit")]
        if len({len(column) for column in columns}) > 1:
            raise forms.ValidationError("Typography: the form was changed on its way.")
        faces = []
        for place, (role, family, *rest) in enumerate(zip(*columns, strict=True), 1):
            if role or family:
                faces.append(self._face(place, role, family, *rest))
        if len({face.role for face in faces if face}) < len(faces):
            self.add_error("role", "Typography: each role once.")
        self.faces = tuple(face for face in faces if face)
        return given

    def _face(self, place: int, role: str, family: str, weight: str, size: str, unit: str) -> Typeface | None:
        is_named = NAME.fullmatch(role) and FAMILY.fullmatch(family) and weight in WEIGHTS
        found = typeface(role, f"{family} {weight} {size}{unit}") if is_named else None
        if found is None or not 4 <= found.size <= 400:
            self.add_error("family", f"Typography {place}: expected a role, a family and a size from 4 to 400.")
            return None
        return found

    def brand(self) -> Brand:
        given = self.cleaned_data

        def words(kind: str) -> dict[str, tuple[str, ...]]:
            return {name.split(":", 1)[1]: given[name] for name in self.fields if name.startswith(f"{kind}:")}

        return Brand(
            given["palette"], self.faces, given["min_size"], given["safe_zone"], words("use"), given["avoid"],
            words("messaging"), self.before.odd,
        )  # fmt: skip


def _initial(brand: Brand) -> dict[str, Any]:
    faces = brand.typefaces
    columns = {name: [getattr(face, name) for face in faces] for name in ("role", "family", "weight", "size", "unit")}
    sizes = {"min_size": brand.min_size, "safe_zone": brand.safe_zone}
    return {"palette": list(brand.palette), **columns, **sizes, "avoid": brand.avoid}
