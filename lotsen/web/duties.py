"""What guides do and what they do not: said to whoever volunteers, and agreed on in writing."""

from typing import Final

from flask_babel import lazy_gettext as _

DO: Final = (
    _("Listen, explain, and show how things work here"),
    _("Go along: to an office, a doctor, the school, a sports club"),
    _("Help to understand letters and fill in forms"),
    _("Practise everyday German together"),
)
DO_NOT: Final = (
    _("Give legal advice: the law leaves that to advisers and lawyers (section 6 of the Legal Services Act, RDG)"),
    _("Lend money, sign contracts or make decisions for others"),
    _("Replace interpreters, doctors or counselling services"),
    _("Be reachable day and night: you say when you have time, and for how many people"),
)
