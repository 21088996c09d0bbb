from typing import Any

from django import forms

from security.forms import GuardedForm
from security.roles import PLATFORM_TENANT
from tenants.enums import AccountStatus


class TenantForm(GuardedForm):
    def clean_status(self) -> Any:
        status = self.cleaned_data["status"]
        if self.instance.pk == PLATFORM_TENANT and status != AccountStatus.ACTIVE:
            raise forms.ValidationError("The tenant platform stays active: without it nobody could sign in.")
        return status

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
