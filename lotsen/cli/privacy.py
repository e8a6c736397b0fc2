"""`flask privacy …`: the documents that the models' declarations make."""

from pathlib import Path
from typing import Final

import click

from lotsen.cli.privacy_documents import DOCUMENTS

FOLDER: Final = Path(__file__).parents[2] / "docs" / "privacy"

group = click.Group("privacy", help="Record of processing, periods, threshold analysis.")


@group.command("documents")
def documents() -> None:
    """Write docs/privacy/*.md anew from what the models declare."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, write in DOCUMENTS.items():
        (FOLDER / name).write_text(write(), encoding="utf-8")
        click.echo(FOLDER / name)
