"""The office's forms about one person: looking somebody up, noting something down."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import Length

from lotsen.web.forms.base import at_most, tidy, written
from lotsen.web.forms.office import StaffForm, note_field


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


class NoteForm(StaffForm):
    """A note for colleagues."""

    name = "note"
    text = note_field(
        _("Write a note"),
        validators=[written(_("Please write something.")), at_most(4000)],
        description=_(
            "Colleagues of your office read this, and the person in the copy of their data: nothing about others, "
            "health, faith or origin."
        ),
        render_kw={"rows": 4},
    )
