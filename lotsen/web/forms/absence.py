"""A colleague's absence: from when until when, and who stands in."""

from typing import Any

from flask_babel import lazy_gettext as _

from lotsen.web.forms.base import required
from lotsen.web.forms.choices import Choices
from lotsen.web.forms.office import Day, Select, StaffForm, not_before


class AbsenceForm(StaffForm):
    """Never why: that is nobody's business here."""

    name = "absence"
    account = Select(_("Who is away?"), validators=[required(_("Please choose a colleague."))])
    begins_on = Day(_("First day"), validators=[required()])
    ends_on = Day(_("Last day"), validators=[required(), not_before("begins_on")])
    substitute = Select(_("Who stands in?"), validators=[required(_("Please choose a colleague."))])

    def __init__(self, names: dict[int, str], me: int, *, lead: bool, **options: Any) -> None:
        super().__init__(**options)
        everybody: Choices = [(str(key), name) for key, name in names.items()]
        if lead:
            self.account.choices = everybody
            self.account.data = self.account.data or str(me)
        else:
            del self.account
            everybody = [choice for choice in everybody if choice[0] != str(me)]
        self.substitute.choices = [("", str(_("Please choose"))), *everybody]

    def away_id(self, me: int) -> int:
        """Return who is away: oneself, where nobody else can be chosen."""
        return int(self.account.data) if "account" in self else me
