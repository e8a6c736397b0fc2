"""Inviting staff, and their identity provider."""

from typing import Any, Self
from urllib.parse import urlsplit

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, SelectField, StringField

from lotsen import i18n, translations, words
from lotsen.models import Account, Municipality, Referrer
from lotsen.rules.vocabulary import ReferrerKind, Role
from lotsen.services.colleagues import Invitation
from lotsen.services.single_sign_on import Provider
from lotsen.web.forms.base import CheckboxesField, at_most, is_email, required, tidy, written


def read_choices() -> list[tuple[str, str]]:
    """Return the languages whose texts can be read: in the reader's language, and in themselves."""
    return [(tag, words.offered_name(tag)) for tag in i18n.OFFERED if tag != translations.SOURCE]


class InvitationForm(FlaskForm):
    """Whom to let in, and as what."""

    name = StringField(_("Name"), filters=[tidy], validators=[written(), at_most(120)])
    email = StringField(
        _("E-mail address"),
        filters=[tidy],
        validators=[written(_("Please enter an e-mail address.")), at_most(254), is_email],
        render_kw={"type": "email", "autocomplete": "off"},
    )
    role = SelectField(_("Role"), validators=[written()])
    municipality_id = SelectField(_("Municipality"))
    is_lead = BooleanField(_("Leads the coordination office: looks after colleagues and overdue approvals"))
    organisation = StringField(
        _("Organisation"),
        description=_("For referrers only, for example: Ausländerbehörde Celle"),
        filters=[tidy],
        validators=[at_most(160)],
    )
    kind = SelectField(_("Kind of organisation"), validators=[written()])
    reads = CheckboxesField(
        _("Languages"), description=_("For those who read translations only: which ones"), choices=read_choices
    )

    @classmethod
    def for_roles(
        cls, roles: tuple[Role, ...], offices: list[Municipality], by: Account, referrer: Referrer | None = None
    ) -> Self:
        """Return the form with the choices that `by` has; filled in for somebody of the organisation `referrer`."""
        form = cls(data=_of(referrer) if referrer else None)
        form.role.choices = [(role.value, words.word(role, "role")) for role in roles]
        form.kind.choices = [(kind.value, words.word(kind, "referrer_kind")) for kind in ReferrerKind]
        form.municipality_id.choices = [("", _("None (evaluation, translations, operation)"))] + [
            (str(office.id), office.name) for office in offices
        ]
        if by.role is not Role.ADMIN:
            del form.municipality_id, form.reads
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what belongs together: a referrer's organisation, an office's municipality."""
        fine = bool(super().validate(extra_validators))
        if self.role.data == Role.REFERRER and not self.organisation.data:
            self.organisation.errors = [gettext("Please say which organisation refers people.")]
            fine = False
        local = self.role.data in {Role.COORDINATOR, Role.REFERRER}
        if "municipality_id" in self and local and not self.municipality_id.data:
            self.municipality_id.errors = [gettext("Please choose the municipality.")]
            fine = False
        if "reads" in self and self.role.data == Role.REVIEWER and not self.reads.data:
            self.reads.errors = [gettext("Please choose at least one language.")]
            fine = False
        return fine

    def invitation(self) -> Invitation:
        """Return what was entered."""
        place = self.municipality_id.data if "municipality_id" in self else None
        return Invitation(
            email=self.email.data or "",
            name=self.name.data or "",
            role=Role(self.role.data),
            is_lead=bool(self.is_lead.data),
            municipality_id=int(place) if place else None,
            organisation=self.organisation.data or "",
            kind=ReferrerKind(self.kind.data),
            reads=(self.reads.data or ()) if "reads" in self else (),
        )


def _of(referrer: Referrer) -> dict[str, str]:
    return {
        "role": Role.REFERRER.value,
        "organisation": referrer.name,
        "kind": referrer.kind.value,
        "municipality_id": str(referrer.municipality_id),
    }


class LanguagesForm(FlaskForm):
    """Whose texts a reviewer reads."""

    reads = CheckboxesField(
        _("Languages"), choices=read_choices, validators=[required(_("Please choose at least one language."))]
    )


class ProviderForm(FlaskForm):
    """An identity provider that speaks OpenID Connect."""

    issuer = StringField(
        _("Address of the identity provider (issuer)"),
        description=_("For example https://login.example.org/realms/city"),
        filters=[tidy],
        validators=[written(), at_most(300)],
        render_kw={"type": "url", "autocomplete": "off"},
    )
    client_id = StringField(
        _("Client ID"), filters=[tidy], validators=[written(), at_most(200)], render_kw={"autocomplete": "off"}
    )
    client_secret = PasswordField(
        _("Client secret"),
        description=_("Stored encrypted and never shown. Leave it empty to keep the one that is stored."),
        validators=[at_most(500)],
        render_kw={"autocomplete": "off"},
    )
    email_domain = StringField(
        _("Domain of your e-mail addresses"),
        description=_("For example celle.example. Other addresses are not let in."),
        filters=[tidy],
        validators=[written(), at_most(200)],
        render_kw={"autocomplete": "off"},
    )
    active = BooleanField(_("Offer this way to sign in"), default=True)

    def addresses_fit(self, *, secure: bool, has_secret: bool) -> bool:
        """Check address, domain and secret; say beside the field what is wrong."""
        parts = urlsplit(self.issuer.data or "")
        allowed = {"https"} if secure else {"https", "http"}
        if parts.scheme not in allowed or not parts.hostname or parts.username or parts.query or parts.fragment:
            self.issuer.errors = [gettext("Please enter an address that begins with https://.")]
        domain = self.email_domain.data or ""
        if "@" in domain or " " in domain or "." not in domain:
            self.email_domain.errors = [gettext("Please enter a domain, without @ and without a name before it.")]
        if not has_secret and not self.client_secret.data:
            self.client_secret.errors = [gettext("Please enter the secret that the provider gave you.")]
        return not self.errors

    def provider(self) -> Provider:
        """Return what was entered."""
        return Provider(
            issuer=self.issuer.data or "",
            client_id=self.client_id.data or "",
            client_secret=self.client_secret.data or "",
            email_domain=self.email_domain.data or "",
            active=bool(self.active.data),
        )


class OrganisationForm(FlaskForm):
    """An organisation that refers people."""

    name = StringField(
        _("Name"),
        description=_("For example: Ausländerbehörde Celle"),
        filters=[tidy],
        validators=[written(), at_most(160)],
        render_kw={"autocomplete": "off"},
    )
    kind = SelectField(
        _("Kind of organisation"),
        choices=lambda: [(kind.value, words.word(kind, "referrer_kind")) for kind in ReferrerKind],
        validators=[written()],
    )
    municipality_id = SelectField(_("Municipality"), validators=[written()])

    @classmethod
    def of(cls, by: Account, offices: list[Municipality], found: Referrer | None = None) -> Self:
        """Return the form, filled in where there is an organisation; only an administrator says where it is."""
        form = cls(obj=found)
        form.municipality_id.choices = [(str(office.id), office.name) for office in offices]
        if found is not None or by.role is not Role.ADMIN:
            del form.municipality_id
        return form

    @property
    def place(self) -> int | None:
        """Where the organisation is, where that was asked."""
        return int(self.municipality_id.data) if "municipality_id" in self else None


class TokenForm(FlaskForm):
    """A token for an organisation's software."""

    token_name = StringField(
        _("Which software is it for?"),
        description=_("So that you know later which token to revoke. For example: ADVIS"),
        filters=[tidy],
        validators=[written(), at_most(80)],
        render_kw={"autocomplete": "off"},
    )
