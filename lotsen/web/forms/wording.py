"""Forms of those who read the translations."""

from collections.abc import Iterable
from typing import Any, Self

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, HiddenField, SelectField, StringField, TextAreaField

from lotsen.models import Account
from lotsen.rules.vocabulary import Role
from lotsen.rules.wording import LONGEST
from lotsen.web.forms.base import at_most, tidy, written


class SearchForm(FlaskForm):
    """What is looked for among the texts of a language."""

    class Meta:
        """Nothing is changed by looking."""

        csrf = False

    q = StringField(_("Word"), filters=[tidy], validators=[at_most(80)])
    where = SelectField(_("Where it is said"), default="")
    state = SelectField(_("State"), default="")

    def __init__(self, args: MultiDict[str, str], places: Iterable[tuple[str, Any]], states: dict[str, Any]) -> None:
        super().__init__(args)
        self.where.choices = [("", _("everywhere")), *places]
        self.state.choices = list(states.items())


class WordingForm(FlaskForm):
    """One text in all its forms."""

    forms = FieldList(TextAreaField(validators=[at_most(LONGEST)]))
    #: The newest word about it when the page was opened.
    seen = HiddenField()


class VouchForm(FlaskForm):
    """Who has read a language."""

    by = StringField(
        _("Read by"),
        description=_("A person or an organisation that speaks the language and agrees to be named in the catalogue."),
        filters=[tidy],
        validators=[written(), at_most(80)],
    )

    @classmethod
    def of(cls, account: Account) -> Self:
        """Return the form that `account` fills in: a reviewer is not asked, and vouches in their own name."""
        form = cls()
        if account.role is Role.REVIEWER:
            del form.by
        return form

    def named(self, account: Account) -> str:
        """Return who is named."""
        return (self.by.data or "") if "by" in self else account.name
