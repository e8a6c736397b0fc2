"""What an office may write itself into mails and letters: short, plain, with no link but to its municipality's site."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

#: The texts of an office, and how long each may be.
LONGEST: Final = {"opening": 400, "closing": 400, "hours": 200}
#: What mail programs turn into a link, even without https://.
_DOMAIN: Final = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")


def site(text: str) -> str:
    """Return the address of a municipality's site, https:// added where it is missing. Raises `ValueError`."""
    address = text if "://" in text else f"https://{text}"
    parts = urlsplit(address)
    plain = parts.netloc == parts.hostname and not re.search(r"[\s<>\"]", address)
    if parts.scheme not in {"http", "https"} or not plain or not _DOMAIN.fullmatch(parts.netloc):
        raise ValueError(text)
    return address


def faults(text: str, kind: str, website: str) -> list[str]:
    """Return the codes of what is wrong with a text of an office whose municipality has the site `website`."""
    if len(text) > LONGEST[kind]:
        return ["too_long"]  # nor is it searched: looking for servers takes the square of the length
    found = []
    if "<" in text or ">" in text:
        found.append("html")
    own = _bare(urlsplit(website).netloc)
    if any(not own or not (f".{_bare(host)}").endswith(f".{own}") for host in _hosts(text)):
        found.append("link")
    return found


def _bare(host: str) -> str:
    return host.casefold().removeprefix("www.")


def _hosts(text: str) -> Iterator[str]:
    """Yield the servers that a text names, and whole words that are addresses of something else."""
    for word in text.split():
        _scheme, separator, rest = word.partition("://")
        head, _slash, tail = (rest if separator else word).partition("/")
        hosts = _DOMAIN.findall(head) or _DOMAIN.findall(tail)
        yield from hosts or ([word] if separator else [])
