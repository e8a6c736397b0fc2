"""Keys at work: encryption of free text, digests of codes. `configure` is called once, by `create_app`."""

import hashlib
import hmac
import secrets
from typing import Final

from cryptography.fernet import Fernet, MultiFernet

#: No I, L, O, U: nothing that is misread on paper or said wrongly on the phone (Crockford's base 32).
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH: Final = 12  # 12 x 5 bits = 60 bits


class _Keys:
    ring: MultiFernet | None = None
    pepper: bytes = b""


def configure(data_keys: tuple[str, ...], secret_key: str) -> None:
    """Use `data_keys` (Fernet keys, newest first) for free text and `secret_key` for digests."""
    _Keys.ring = MultiFernet([Fernet(key) for key in data_keys])
    _Keys.pepper = hashlib.sha256(b"status-code:" + secret_key.encode()).digest()


def _ring() -> MultiFernet:
    if _Keys.ring is None:
        raise RuntimeError("crypto.configure() has not been called")
    return _Keys.ring


def encrypt(text: str) -> str:
    """Return `text` encrypted under the newest key."""
    return _ring().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Return the text behind `token`. Raises `cryptography.fernet.InvalidToken` where no key fits."""
    return _ring().decrypt(token.encode()).decode()


def rotate(token: str) -> str:
    """Return `token` under the newest key. Raises `cryptography.fernet.InvalidToken` where no key fits."""
    return _ring().rotate(token.encode()).decode()


def new_status_code() -> str:
    """Return a fresh status code, grouped for reading aloud: `7K2M-PQ4T-9WXY`."""
    return group("".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)))


def derived_status_code(seed: str) -> str:
    """Return the status code that belongs to `seed`: the same each time, and a secret like any other."""
    number = int.from_bytes(hmac.new(_Keys.pepper, b"derived:" + seed.encode(), hashlib.sha256).digest()[:8])
    return group("".join(ALPHABET[number >> 5 * place & 31] for place in range(CODE_LENGTH)))


def group(code: str) -> str:
    """Return `code` in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def normalise_code(typed: str) -> str:
    """Return what was typed as the code's twelve signs; forgives spaces, dashes, small letters, I, L and O."""
    upper = typed.upper().translate(str.maketrans("ILO", "110"))
    return "".join(sign for sign in upper if sign in ALPHABET)


def code_digest(typed: str) -> str:
    """Return the digest under which a status code is looked up: the code itself is never stored."""
    return hmac.new(_Keys.pepper, normalise_code(typed).encode(), hashlib.sha256).hexdigest()


def secret_digest(secret: str) -> str:
    """Return the digest under which a long random secret, such as that of a private address, is looked up."""
    return hmac.new(_Keys.pepper, b"secret:" + secret.encode(), hashlib.sha256).hexdigest()


def new_key() -> str:
    """Return 256 random bits for a cookie or a link in a mail."""
    return secrets.token_urlsafe(32)


def digest(purpose: str, text: str) -> str:
    """Return the digest under which a key or an address is looked up; `purpose` keeps the kinds apart."""
    return hmac.new(_Keys.pepper, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()
