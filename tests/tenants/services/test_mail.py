import datetime as dt
import logging
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import override_settings

from tenants.exceptions import MailOff
from tenants.services import mail as mails
from tests.processes import ROOT

PERSON = {"full_name": "Ada", "email": "ada@example.com", "role": "member", "tenant": {"name": "Next Day Steel"}}
CONTEXT = {
    "person": PERSON, "actor": PERSON, "tenant": PERSON["tenant"], "role": "admin", "link": "https://x/y", "days": 7,
    "email": "ada@example.com", "new": "new@example.com", "at": dt.datetime(2026, 11, 22, tzinfo=dt.UTC),
}  # fmt: skip
TEMPLATES = sorted(path.stem for path in (ROOT / "templates" / "mail").glob("*.txt"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_mail_has_a_subject_and_a_text(name):
    assert mails.send(name, "ada@example.com", **CONTEXT)

    message = mail.outbox[0]
    assert message.to == ["ada@example.com"]
    assert message.subject
    assert "\n" not in message.subject
    assert len(message.body) > 40


def test_what_people_are_called_cannot_add_headers():
    mails.send("invitation", "ada@example.com", **{**CONTEXT, "tenant": {"name": "Evil\nBcc: everybody@example.com"}})

    assert mail.outbox[0].message()["Bcc"] is None
    assert mail.outbox[0].bcc == []


def test_a_mail_server_that_fails_is_told_and_logged(monkeypatch, caplog):
    def broken(*_):
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr(EmailBackend, "send_messages", broken)
    with caplog.at_level(logging.ERROR):
        assert mails.send("password_changed", "ada@example.com", **CONTEXT) is False
    assert "was not sent" in caplog.text


def test_no_mail_is_said_before_anything_is_done():
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"), pytest.raises(MailOff):
        mails.check_mail()


def test_what_is_sent_later_is_sent():
    mails.send_later("password_changed", "ada@example.com", **CONTEXT).result()

    assert len(mail.outbox) == 1
