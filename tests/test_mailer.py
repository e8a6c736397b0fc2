"""Each mail in each language: complete, safe, kind, and able to leave through a real server."""

import ssl
from datetime import UTC, datetime, timedelta
from email.policy import SMTP
from html.parser import HTMLParser
from ipaddress import ip_address

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jinja2 import meta

from lotsen import mailer
from lotsen.config import ROOT
from lotsen.rules import mail_kinds
from lotsen.services import links, neighbours, notices
from tests import mail_samples as samples
from tests.ports import free_port
from tests.smtp import Mailbox, serve

RTL = {"ar", "fa-AF", "ps"}


@pytest.fixture(scope="module")
def app():
    return samples.application()


def build(app, template="offer", locale="en", **changes):
    return mailer.build(app, samples.letter(template, locale, **changes), samples.WRITTEN)


class Links(HTMLParser):
    """The addresses that a page mentions, and its root's attributes."""

    def __init__(self, html):
        super().__init__()
        self.links, self.root, self.tags, self.buttons = [], {}, set(), 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.buttons += tag == "a" and ("class", "button") in attrs
        if tag == "html":
            self.root = dict(attrs)
        self.links += [value for name, value in attrs if name in {"href", "src", "action"}]


@pytest.mark.parametrize("template", samples.TEMPLATES)
def test_every_mail_exists_in_every_language_with_one_button_as_text_and_html(app, template):
    optional = mail_kinds.kind_of(template) in mail_kinds.OPTIONAL
    stop = "http://lotsen.example/mails/stop?token=signed"
    for locale in samples.languages(template):
        mail = build(app, template, locale)
        text, html = samples.part(mail, "plain"), Links(samples.part(mail, "html"))
        assert mail["Subject"]
        assert html.links == ["http://lotsen.example/status", *([stop] if optional else [])]
        assert html.buttons == 1
        assert [line for line in text.splitlines() if "http" in line] == html.links
        assert html.root == {"lang": locale, "dir": "rtl" if locale in RTL else "ltr"}
        assert not html.tags & {"script", "img", "form", "iframe"}
        assert "%(" not in text + mail["Subject"]
        assert len(text.split("\n\n")) >= 4, locale


@pytest.mark.parametrize("template", samples.TEMPLATES)
def test_every_mail_reads_as_somebody_last_saw_it(app, template):
    for locale in samples.languages(template):
        seen = samples.path(template, locale).read_text(encoding="utf-8")
        assert samples.snapshot(app, template, locale) == seen, "meant? python -m tests.mail_samples, and read it"


def test_no_snapshot_is_left_of_a_mail_that_is_gone():
    kept = {(path.stem, path.parent.name) for path in samples.SNAPSHOTS.glob("*/*")}
    assert kept == {(name, locale) for name in samples.TEMPLATES for locale in samples.languages(name)}


def test_every_mail_says_in_the_table_whether_it_is_needed():
    assert set(mail_kinds.KINDS) == set(samples.TEMPLATES), "lotsen/rules/mail_kinds.py"
    assert set(mail_kinds.KINDS.values()) == set(mail_kinds.MailKind)
    assert set(mail_kinds.OPTIONAL) == set(mail_kinds.MailKind) - {mail_kinds.MailKind.NEEDED}


def test_every_mail_that_a_service_writes_has_a_template():
    written = {name for rows in notices.NOTICES.values() for name, _sides in rows} | {
        "first_meeting", "request_received", "confirm_address", "already_registered", "guide_cleared",
        "offer_reminder", "question_reminder", "office_overdue", "office_digest", "office_escalated",
        notices.MESSAGE_WAITS, "first_meeting_held",
        "first_meeting_moved", "trial_ends", "trial_question", "check_in", "unmatched", "counselling", "conduct_ends",
        "office_conduct_ends", *neighbours.MAILS.values(), "moved", *links.TEMPLATES,
    }  # fmt: skip
    assert written == set(samples.TEMPLATES)


def test_the_headers_say_whom_to_answer_and_that_nobody_typed_this(app):
    mail = build(app)
    assert mail["From"] == "Lotsen <lotsen@lotsen.example>"
    assert mail["To"] == "reader@example.org"
    assert mail["Reply-To"] == "Koordinierungsstelle Celle <office@celle.example>"
    assert mail["Message-ID"] == "<7.20260311090000@lotsen.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "en"


@pytest.mark.parametrize(
    ("template", "optional"), [("offer", False), ("offer_reminder", True), ("office_digest", True)]
)
def test_mail_programs_are_told_how_to_stop_what_is_not_needed(template, optional):
    secure = samples.application("https://lotsen.example")
    mail = build(secure, template)
    link = "<https://lotsen.example/mails/stop?token=signed>" if optional else None
    assert mail["List-Unsubscribe"] == link
    assert mail["List-Unsubscribe-Post"] == ("List-Unsubscribe=One-Click" if optional else None)


def test_one_click_is_offered_over_https_alone(app):
    mail = build(app, "offer_reminder")
    assert mail["List-Unsubscribe"]
    assert mail["List-Unsubscribe-Post"] is None


def test_a_mail_sent_again_has_the_same_number(app):
    again = mailer.build(app, samples.letter("offer", "en"), samples.WRITTEN + timedelta(hours=9))
    assert again["Message-ID"] == build(app)["Message-ID"]


def test_names_cannot_break_out_of_headers_or_html(app):
    mail = build(app, first_name="<b>Ann</b>\r\nBcc: all@example.org")
    assert "Bcc" not in mail
    html = samples.part(mail, "html")
    assert "<b>" not in html
    assert "&lt;b&gt;Ann" in html
    assert mail.as_bytes(policy=SMTP)


@pytest.mark.parametrize(("locale", "read"), [("de", "de"), ("ar", "ar"), ("ja", "de"), ("", "de")])
def test_a_language_that_is_not_offered_falls_back_to_german(app, locale, read):
    assert build(app, locale=locale)["Content-Language"] == read


def test_staff_mails_exist_in_the_staffs_languages_only(app):
    assert build(app, "office_agreed", "ar")["Content-Language"] == "de"


@pytest.mark.parametrize("template", samples.TEMPLATES)
def test_templates_know_numbers_and_the_office_but_no_person(app, template):
    source = (ROOT / "templates" / "mail" / template / "mail.txt").read_text(encoding="utf-8")
    names = meta.find_undeclared_variables(app.jinja_env.parse(source)) - {"_", "ngettext"}
    assert names <= {
        "office",
        "reader",
        "days",
        "waiting",
        "overdue",
        "approve",
        "mine",
        "left",
        "tasks",
        "appointment",
    }
    assert "|safe" not in source


def certificate(folder):
    """A certificate of our own for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "mail.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "mail.key").write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ))  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "mail.pem", folder / "mail.key")
    return context


def knows_us(_server, _session, _envelope, _mechanism, data):
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"lotsen", b"p@ss:word")
    return AuthResult(success=right, handled=False)


# the test server knows encryption by STARTTLS only and thinks that smtps is none
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_password_travels_encrypted(app, tmp_path, monkeypatch, scheme):
    context, mailbox, port = certificate(tmp_path), Mailbox(), free_port()
    secured = {"ssl_context": context} if scheme == "smtps" else {"tls_context": context}
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=port, authenticator=knows_us, auth_required=True,
        auth_require_tls=scheme == "smtp", **secured,
    )  # fmt: skip
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "mail.pem"))
    controller.start()
    try:
        with mailer.transport(f"{scheme}://lotsen:p%40ss%3Aword@127.0.0.1:{port}") as send:
            send(build(app))
            send(build(app))
        assert len(mailbox.mails) == 2
        with (
            pytest.raises(mailer.Unreachable, match="535"),
            mailer.transport(f"{scheme}://lotsen:wrong@127.0.0.1:{port}") as send,
        ):
            send(build(app))
    finally:
        controller.stop()


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(app, tmp_path):
    port = free_port()
    controller = Controller(Mailbox(), hostname="127.0.0.1", port=port, tls_context=certificate(tmp_path))
    controller.start()
    with (
        pytest.raises(mailer.Unreachable, match="SSLCertVerificationError"),
        mailer.transport(f"smtp://127.0.0.1:{port}") as send,
    ):
        send(build(app))
    controller.stop()


def test_a_password_is_not_sent_to_a_server_that_offers_no_encryption(app):
    mailbox, port = Mailbox(), free_port()
    controller = serve(mailbox, port)
    with (
        pytest.raises(mailer.Unreachable, match="SMTPNotSupportedError"),
        mailer.transport(f"smtp://lotsen:word@127.0.0.1:{port}") as send,
    ):
        send(build(app))
    controller.stop()
    assert mailbox.mails == []


@pytest.mark.parametrize(
    ("answer", "told"),
    [(b"5.1.1 <x@example.org> unknown", "550 5.1.1"), ("mailbox of x@example.org full", "550"), (b"", "550")],
)
def test_only_the_servers_code_is_kept_never_its_words(answer, told):
    assert str(mailer._verdict(550, answer)) == told
