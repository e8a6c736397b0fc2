"""`python -m lotsen.translations`: collect new texts into every catalogue and say what is left to translate."""

import sys

from lotsen.i18n import OFFERED, STAFF
from lotsen.translations import SOURCE, update

for domain, tags in (("messages", OFFERED), ("staff", STAFF)):
    for tag in tags:
        if tag != SOURCE:
            texts, missing = update(tag, domain)
            sys.stdout.write(f"{tag} {domain}: {texts} texts, {missing} to translate\n")
