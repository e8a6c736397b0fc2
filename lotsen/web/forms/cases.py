"""The office's forms about one person: looking somebody up, noting something down, handing over."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import Length

from lotsen.web.forms.base import PostcodeField, at_most, required, tidy, written
from lotsen.web.forms.office import StaffForm, note_field
from lotsen.web.staff_words import STAFF_ERROR


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


class MoveForm(StaffForm):
    """The hand-over to another office."""

    name = "move"
    postcode = PostcodeField(_("New postal code"))
    pairings = RadioField(
        _("What becomes of the running pairings?"),
        choices=lambda: [("keep", _("They go on")), ("end", _("They end with the move"))],
        default="keep",
        validators=[written()],
    )
    word = note_field(
        _("For the colleagues there"), description=_("They read this, and the person in the copy of their data.")
    )
    agreed = BooleanField(
        _("The person has read or heard the text, and agrees."),
        validators=[required(STAFF_ERROR["move_consent_missing"])],
    )

    def __init__(self, *, accompanied: bool, **options: object) -> None:
        super().__init__(**options)
        if not accompanied:
            del self.pairings


class DeclineMoveForm(StaffForm):
    """Why somebody is not taken over."""

    name = "decline"
    reason = note_field(_("Why not?"), validators=[written(_("Please say why in a few words.")), at_most(2000)])
