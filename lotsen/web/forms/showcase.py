"""The sample form of the components page: one field of each kind. Development only, so its words are not translated."""

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange

from lotsen.models import Municipality
from lotsen.places import Place
from lotsen.rules.vocabulary import PARTS, TOPICS
from lotsen.web.forms.base import CheckboxesField
from lotsen.web.forms.choices import LanguageRowsField

DAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}


class ShowcaseForm(FlaskForm):
    """One field of each kind, some required, so that posting it empty shows every error."""

    given_name = StringField(
        "First name", [InputRequired("Please write your first name.")], description="As you like to be called."
    )
    email = EmailField("E-mail address")
    phone = TelField("Mobile number", description="For example 0151 23456789")
    postcode = StringField(
        "Postal code",
        [InputRequired("Please write a postal code with five digits."), Length(5, 5)],
        render_kw={"autocomplete": "postal-code", "inputmode": "numeric"},
    )
    people = IntegerField("How many people need help?", [InputRequired("Please write a number."), NumberRange(1, 20)])
    arrived = DateField("Date of the first meeting")
    password = PasswordField("Password", [InputRequired("Please write your password.")])
    language = SelectField(
        "Language",
        [InputRequired("Please choose a language.")],
        choices={"": "Please choose", "ar": "Arabic", "uk": "Ukrainian"},
    )
    note = TextAreaField("What should we know?", [InputRequired("Please write a sentence or two.")])
    gender = RadioField(
        "Should the guide be a woman or a man?",
        [InputRequired("Please choose an answer.")],
        choices={"any": "It does not matter", "f": "A woman", "m": "A man"},
    )
    channels = CheckboxesField(
        "How may we reach you?", choices={"mail": "By e-mail", "phone": "By telephone", "letter": "By letter"}
    )
    topics = CheckboxesField(
        "What do you need help with?",
        [InputRequired("Please choose at least one topic.")],
        choices={topic: topic.capitalize() for topic in TOPICS},
        description="Choose everything that fits.",
    )
    household = RadioField(
        "Who needs help?",
        [InputRequired("Please choose an answer.")],
        choices={"person": "Me alone", "couple": "Two of us", "family": "My family"},
    )
    times = CheckboxesField(
        "When do you have time?",
        [InputRequired("Please choose at least one time.")],
        choices={f"{day}-{part}": f"{name}, {part}" for day, name in DAYS.items() for part in PARTS},
    )
    languages = LanguageRowsField("Which languages do you speak?", description="Your first language, too.")
    wording = TextAreaField(validators=[InputRequired("Please write how it should read.")])
    consent = BooleanField(
        "I agree that my answers are stored",
        [InputRequired("Without your consent we cannot store anything.")],
        description="You can take this back at any time.",
    )


class OfficeForm(FlaskForm):
    """The choice of an office, with one suggested or without."""

    municipality_id = SelectField(
        "Choose the office near you",
        [InputRequired("Please choose an office.")],
        choices={"": "–", "1": "Landkreis Osnabrück", "2": "Stadt Göttingen"},
    )
    place: Place | None = None
    office: Municipality | None = None

    def suggest(self) -> None:
        """Know the place and its office."""
        self.place = Place("49074", 52.27, 8.05, "Osnabrück", "Osnabrück", "03404000")
        self.office = Municipality(
            code="03404000",
            name="Osnabrück",
            office_name="Coordination office Osnabrück",
            office_email="office@osnabrueck.example",
            office_address="Am Schölerberg 1, 49082 Osnabrück",
        )
