"""The choice of mails."""

from collections.abc import Iterable
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm

from lotsen.rules.mail_kinds import MailKind, optional_kinds
from lotsen.rules.vocabulary import Role
from lotsen.web.forms.base import CheckboxesField
from lotsen.web.staff_words import MAIL_KIND

#: What the kinds that may be stopped are called.
WORDS: Final[dict[MailKind, LazyString]] = {
    MailKind.REMINDERS: _("Reminders, when we wait for your answer"),
    MailKind.MESSAGES: _("Notices that a message waits for you"),
    **MAIL_KIND,
}


class MailsForm(FlaskForm):
    """A box for each kind that may be stopped."""

    kinds = CheckboxesField(_("Which mails do you want?"), coerce=MailKind)

    def __init__(self, role: Role, wanted: Iterable[MailKind]) -> None:
        super().__init__(kinds=list(wanted))
        self.kinds.choices = [(kind.value, str(WORDS[kind])) for kind in optional_kinds(role)]

    @property
    def wanted(self) -> list[MailKind]:
        """What was ticked."""
        return list(self.kinds.data or [])
