"""What a newcomer is asked by staff, on one page."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField
from wtforms.validators import Optional

from lotsen.rules.answers import RequestAnswers
from lotsen.rules.vocabulary import RequestKind
from lotsen.web.forms.base import written
from lotsen.web.forms.beside import NewcomerForm, gender_field
from lotsen.web.forms.office import Day, choices, note_field


class NewRequestForm(NewcomerForm):
    """The ten questions on one page, for staff with the person beside them."""

    kind = RadioField(
        _("For how long?"), choices=lambda: choices(tuple(RequestKind), "request_kind"),
        default=RequestKind.LASTING.value, validators=[written()],
    )  # fmt: skip
    wanted_from = Day(_("A single appointment: from which day?"), validators=[Optional()])
    wanted_until = Day(_("Until which day?"), validators=[Optional()])
    gender = gender_field(_("Only used where a guide wishes to accompany women or men only."))
    note = note_field(
        _("Note"), render_kw={"rows": 3},
        description=_("What the office should know. Please nothing about residence status, health or faith."),
    )  # fmt: skip

    def answers(self, municipality_id: int) -> RequestAnswers:
        """Return the answers, checked once more; the office that registers somebody looks after them."""
        wish = self.guide_gender.data
        return RequestAnswers(
            languages=self.languages.languages,
            postcode=self.postcode.data,
            municipality_id=municipality_id,
            topics=self.topics.data,
            slots=self.slots.data,
            household=self.household.data,
            kind=self.kind.data,
            wanted_from=self.wanted_from.data if self.kind.data == RequestKind.ONE_OFF else None,
            wanted_until=self.wanted_until.data if self.kind.data == RequestKind.ONE_OFF else None,
            guide_gender=None if wish == "any" else wish,
            first_name=self.first_name.data,
            gender=self.gender.data or None,
            email=self.email.data or None,
            phone=self.phone.data or None,
            note=self.note.data or None,
        )
