"""What was typed into a refused form, kept on the person's device for the form's own page, which says what is wrong.

These pages hold personal data, so no browser may store them; and a page that answers a sent form and is not stored
cannot be gone back to: the browser asks whether to send everything again. So a refused form leads to its page by GET,
and the back button, a reload and the language switch work as everywhere.
"""

from typing import Final

from flask import redirect, request, session
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

_KEY: Final = "typed"
#: A cookie holds no more beside the answers before; longer texts, which no field here takes, are answered at once.
_MOST: Final = 1200


def asked_again(form: FlaskForm) -> ResponseReturnValue | None:
    """Return the way from a refused form to its page; on that page put back what was typed, with what is wrong."""
    if request.method == "POST":
        sent = list(request.form.items(multi=True))
        if sum(len(name) + len(text) for name, text in sent) > _MOST:
            return None
        session[_KEY] = {"path": request.path, "sent": sent}
        return redirect(request.full_path.rstrip("?"), 303)
    kept = session.get(_KEY)
    if kept and kept["path"] == request.path:
        form.process(MultiDict((name, text) for name, text in kept["sent"]))
        form.validate()
    return None


def forget() -> None:
    """Forget it: the form was accepted, or the person leaves."""
    session.pop(_KEY, None)
