"""The office's forms about one person: looking somebody up."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import Length

from lotsen.web.forms.base import tidy, written
from lotsen.web.forms.office import StaffForm


class LookUpForm(StaffForm):
    """Whom somebody looks for: sent by POST, so that no name stands in an address or a log."""

    name = "look"
    q = StringField(
        _("Name, telephone, e-mail or code"),
        filters=[tidy],
        validators=[written(), Length(2, 120, _("Please write 2 to 120 characters."))],
        description=_("Spelling does not matter: Mohammed finds Muhammad and محمد."),
        render_kw={"type": "search", "autocomplete": "off"},
    )
