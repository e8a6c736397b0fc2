"""Status codes that wait to be handed over: the database knows only their digests."""

from typing import Final

from flask import session

from lotsen import crypto

#: Where the session keeps the last one.
_CODE: Final = "office_code"


def keep(noun: str, number: int, code: str) -> None:
    """Keep the code of a request or a guide until it is handed over: encrypted, because the cookie can be read."""
    session[_CODE] = crypto.encrypt(f"{noun}:{number}:{code}")


def kept(noun: str, number: int) -> str | None:
    """Return the new code of this request or guide, if it waits to be handed over."""
    about, _sep, code = crypto.decrypt(session[_CODE]).rpartition(":") if _CODE in session else ("", "", "")
    return code if about == f"{noun}:{number}" else None


def forget() -> None:
    """Forget the code that was handed over."""
    session.pop(_CODE, None)
