"""Where somebody may be led after a step: only to pages of ours."""

from urllib.parse import urlsplit


def safe_target(target: str | None) -> str | None:
    """Return `target` where it is a path of ours, else None."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or not target.isprintable():
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None
