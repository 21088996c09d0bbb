"""Mail to people: a text of ``templates/mail``, whose first line is the subject.

It goes out behind the transaction that it tells of. What a mail server refuses is logged and not undone: whoever calls
`send` hears of it. `send_later` is for answers that must not take longer where there is somebody to write to.
"""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from tenants.exceptions import MailOff

log = logging.getLogger(__name__)

_behind = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def check_mail() -> None:
    """Raise `MailOff` where this installation sends none."""
    if settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        raise MailOff("This installation sends no mail: NDS_MAIL is not set.")


def send(name: str, to: str, **context: Any) -> bool:
    """Send ``templates/mail/<name>.txt`` to one address; whether the mail server took it."""
    message = _message(name, to, context)
    try:
        message.send()
    except (SMTPException, OSError, ValueError) as error:  # an address that is none is a ValueError
        log.exception("mail %s was not sent: %s", name, error)
        return False
    return True


def send_later(name: str, to: str, **context: Any) -> Future[int]:
    """The same, behind the answer to the request."""
    sending = _behind.submit(_message(name, to, context).send)
    sending.add_done_callback(lambda done: _log_failure(name, done))
    return sending


def _log_failure(name: str, done: Future[int]) -> None:
    if error := done.exception():
        log.error("mail %s was not sent: %s", name, error)


def _message(name: str, to: str, context: dict[str, Any]) -> EmailMessage:
    subject, _, body = render_to_string(f"mail/{name}.txt", context).strip().partition("\n")
    return EmailMessage(subject=" ".join(subject.split()), body=body.strip() + "\n", to=[to])
