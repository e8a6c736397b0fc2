"""Forms of referrers. No room for remarks: what is not asked cannot say more than a referrer may pass on."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import Optional, Regexp

from lotsen.i18n import OFFERED, native_name
from lotsen.rules.answers import RequestAnswers
from lotsen.rules.referral import REFERENCE
from lotsen.rules.vocabulary import SLOTS
from lotsen.web.forms.base import (
    CheckboxesField,
    at_most,
    required,
    tidy,
    written,
)
from lotsen.web.forms.beside import NewcomerForm
from lotsen.web.forms.choices import slot_choices
from lotsen.web.forms.free_text import FreeLineField


class NarrowForm(FlaskForm):
    """Which of one's referrals are listed."""

    class Meta:
        csrf = False

    word = StringField(
        _("Your own reference"), name="q", filters=[tidy], validators=[at_most(40)],
        render_kw={"type": "search", "autocomplete": "off"},
    )  # fmt: skip


class ReferralForm(NewcomerForm):
    """Two minutes at a counter, with the person on the other side of it."""

    first_name = FreeLineField(
        _("First name"), filters=[tidy], validators=[written(), at_most(80)], render_kw={"autocomplete": "off"}
    )
    slots = CheckboxesField(_("When is there time?"), choices=slot_choices)
    locale = SelectField(
        _("Language of the leaflet and of mails"),
        choices=lambda: [(tag, native_name(tag)) for tag in OFFERED],
        validators=[required()],
    )
    reference = FreeLineField(
        _("Your own reference"),
        filters=[tidy],
        description=_("So that you find it again in your list. Please no names."),
        validators=[
            Optional(),
            at_most(40),
            Regexp(REFERENCE, message=_("Please use letters, digits and . / - _ only.")),
        ],
        render_kw={"autocomplete": "off"},
    )

    def answers(self) -> RequestAnswers:
        """Return the answers, checked once more; no times chosen means any time."""
        wish = self.guide_gender.data
        return RequestAnswers(
            languages=self.languages.languages,
            postcode=self.postcode.data,
            topics=self.topics.data,
            slots=self.slots.data or list(SLOTS),
            household=self.household.data,
            guide_gender=None if wish == "any" else wish,
            first_name=self.first_name.data,
            email=self.email.data or None,
            phone=self.phone.data or None,
        )
