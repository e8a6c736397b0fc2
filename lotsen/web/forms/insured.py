"""The insured list between two days: they stand in the address, and change nothing."""

from typing import Any

from flask_babel import lazy_gettext as _

from lotsen.web.forms.base import required
from lotsen.web.forms.office import AddressForm, Day, not_before


class BetweenForm(AddressForm):
    """From which day until which."""

    since = Day(_("From"), validators=[required()])
    until = Day(_("Until"), validators=[required(), not_before("since")])

    def __init__(self, asked: Any = None, **options: Any) -> None:
        super().__init__(formdata=asked, **options)
        self._asked = asked is not None

    def is_asked(self) -> bool:
        """Whether the address names days."""
        return self._asked
