"""Passwords: what is refused, how they are hashed and checked (NIST SP 800-63B-4, RFC 9106)."""

import re
import secrets
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lotsen.rules.errors import DomainError

#: 15 characters where the password is the only factor; no rules of composition, any script, spaces too.
PASSWORD_MIN: Final = 15
PASSWORD_MAX: Final = 128
_HASHER: Final = PasswordHasher()  # argon2id with the library's (RFC 9106) parameters
_COMMON: Final = Path(__file__).resolve().parent.parent / "data" / "common_passwords.txt"
#: A few signs over and over: "abcabcabcabcabc".
_REPEATED: Final = re.compile(r"(.{1,6}?)\1+.{0,5}")


class WeakPassword(DomainError):
    """Too short, or one that everybody tries first."""

    code = "weak_password"


@cache
def _common() -> frozenset[str]:
    return frozenset(_squeeze(line) for line in _COMMON.read_text(encoding="utf-8").splitlines())


def _squeeze(password: str) -> str:
    return "".join(sign for sign in password.casefold() if not sign.isspace())


@cache
def _dummy_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe(16))


def _composed(password: str) -> str:
    """The same password, however a keyboard composes its letters."""
    return unicodedata.normalize("NFC", password)


def weak(password: str, email: str = "") -> bool:
    """Whether a password is too short, too long, or among those that are tried first; `email` is its owner's."""
    squeezed, name = _squeeze(password), email.casefold().partition("@")[0]
    return (
        not PASSWORD_MIN <= len(password) <= PASSWORD_MAX
        or len(set(squeezed)) < 5
        or squeezed in _common()
        or _REPEATED.fullmatch(squeezed) is not None
        or (bool(email) and squeezed in {email.casefold(), name})
    )


def hash_password(password: str, email: str = "") -> str:
    """Return the argon2id hash of `password`. Raises `WeakPassword`."""
    if weak(_composed(password), email):
        raise WeakPassword(minimum=PASSWORD_MIN)
    return _HASHER.hash(_composed(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether `password` belongs to the hash; without a hash the answer is no, after the same work."""
    try:
        _HASHER.verify(password_hash or _dummy_hash(), _composed(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def spend_time() -> None:
    """Work as long as a check does: an answer that must not tell whether somebody is known takes as long as one."""
    matches(None, "")
