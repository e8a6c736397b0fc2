"""What a guide is asked by staff, on one page; the fields are those of the offer, in words for the desk."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import NumberRange

from lotsen.rules.answers import GuideAnswers
from lotsen.rules.vocabulary import Takes
from lotsen.web.forms.base import at_most, required, tidy, written
from lotsen.web.forms.beside import PersonForm, consent_field, gender_field, phone_field, topics_field
from lotsen.web.forms.choices import WholeNumberField, wish_choices
from lotsen.web.forms.office import choices


class NewGuideForm(PersonForm):
    """A guide without e-mail, beside the desk."""

    last_name = StringField(_("Last name"), filters=[tidy], validators=[written(), at_most(80)])
    phone = phone_field(written(_("Without e-mail the office calls: please enter a number.")))
    gender = gender_field(_("Only used where a newcomer wishes for a woman or a man."))
    topics = topics_field(_("Helps with"))
    capacity = WholeNumberField(
        _("How many people at the same time?"), default=1, render_kw={"min": 1, "max": 10},
        validators=[required(), NumberRange(1, 10, _("Please enter a number from %(min)d to %(max)d."))],
    )  # fmt: skip
    radius_km = WholeNumberField(
        _("How far, in kilometres?"), render_kw={"min": 1, "max": 200},
        validators=[required(), NumberRange(1, 200, _("Please enter a number from %(min)d to %(max)d."))],
    )  # fmt: skip
    newcomer_gender = RadioField(
        _("Wish for the newcomer"), choices=wish_choices, default="any", validators=[required()]
    )
    takes = RadioField(
        _("For how long?"), choices=lambda: choices(tuple(Takes), "takes"), default=Takes.BOTH.value,
        validators=[written()],
    )  # fmt: skip
    consent = consent_field(_("The person has read or heard the text in their language and agrees."))
    promised = BooleanField(_("The person has also read or heard the promise of confidentiality, and promises it."))

    def answers(self, municipality_id: int) -> GuideAnswers:
        """Return the answers, checked once more; the office that registers somebody looks after them."""
        wish = self.newcomer_gender.data
        return GuideAnswers(
            first_name=self.first_name.data,
            last_name=self.last_name.data,
            phone=self.phone.data,
            gender=self.gender.data or None,
            postcode=self.postcode.data,
            municipality_id=municipality_id,
            languages=self.languages.languages,
            topics=self.topics.data,
            slots=self.slots.data,
            radius_km=self.radius_km.data or 0,
            capacity=self.capacity.data or 0,
            newcomer_gender=None if wish == "any" else wish,
            takes=self.takes.data,
        )
