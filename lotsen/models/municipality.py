"""A municipality that takes part: its coordination office, its territory, its neighbours, its settings."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.rules.privacy import Basis, Period
from lotsen.rules.settings import Settings


class Municipality(SQLModel, table=True):
    """A city or district with its coordination office."""

    __declares__ = (
        about(
            "id code name office_name office_email office_phone office_address office_hours website logo texts demo "
            "settings_changes",
            "know the office, and tell people how to reach it",
            Basis.NOBODY,
            Period.OFFICE,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    #: Official code (AGS) of the city or district; the matcher's `municipality`.
    code: str = Field(unique=True, max_length=8)
    name: str = Field(max_length=120)
    #: What the office is called, and how people reach it.
    office_name: str = Field(max_length=160)
    office_email: str = Field(max_length=254)
    office_phone: str = Field(default="", max_length=40)
    office_address: str = Field(default="", max_length=200)
    office_hours: str = Field(default="", max_length=200)
    #: The municipality's site: the only one to which the office's own words may lead.
    website: str = Field(default="", max_length=200)
    #: Which picture its logo is (`OfficeLogo`); empty where it has none.
    logo: str = Field(default="", max_length=16)
    #: The office's own words in mails and letters: kind (`rules.office_texts`) -> language -> text.
    texts: dict[str, dict[str, str]] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    #: Made-up data: every page says so.
    demo: bool = False
    #: Only what differs from the defaults of `rules.settings.Settings`.
    settings_changes: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))

    @property
    def settings(self) -> Settings:
        """The municipality's settings, defaults filled in."""
        return Settings.stored(self.settings_changes)

    def said(self, kind: str, locale: str) -> tuple[str, str]:
        """Return the office's own words of a kind in a language, else in German; and the language they are in."""
        own = self.texts.get(kind, {})
        for tag in (locale, locale.partition("-")[0]):
            if tag in own:
                return own[tag], tag
        return own.get("de") or (self.office_hours if kind == "hours" else ""), "de"


class OfficeLogo(SQLModel, table=True):
    """An office's logo: a small PNG, drawn anew. In a table of its own, because most queries need no picture."""

    __declares__ = (
        about("municipality_id picture", "show whose letters and pages these are", Basis.NOBODY, Period.OFFICE),
    )

    municipality_id: int = Field(foreign_key="municipality.id", primary_key=True)
    picture: bytes


class Territory(SQLModel, table=True):
    """A part of Germany that an office serves; the longest prefix that fits a postal code's municipality wins."""

    __declares__ = (about("prefix municipality_id", "find the office for a place", Basis.NOBODY, Period.OFFICE),)

    prefix: str = Field(primary_key=True, max_length=8)
    municipality_id: int = Field(foreign_key="municipality.id", index=True)


class Neighbour(SQLModel, table=True):
    """`municipality` lets its people be paired with those of `neighbour`; it takes both rows, one from each office."""

    __table_args__ = (CheckConstraint("municipality_id <> neighbour_id", name="neighbour_is_another"),)

    __declares__ = (
        about(
            "municipality_id neighbour_id", "pair across a border that both offices opened", Basis.NOBODY, Period.OFFICE
        ),
    )

    municipality_id: int = Field(foreign_key="municipality.id", primary_key=True)
    neighbour_id: int = Field(foreign_key="municipality.id", primary_key=True)
