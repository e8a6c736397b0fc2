"""Where the demo's people come from: first names and languages that go together. All made up."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Origin:
    """Names of one language: its code, how many newcomers speak it, the language of their pages, further languages."""

    language: str
    weight: int
    locale: str
    women: tuple[str, ...]
    men: tuple[str, ...]
    last: tuple[str, ...]
    also: tuple[tuple[str, str], ...] = ()


ORIGINS: Final = (
    Origin("ar", 28, "ar",
           ("Amal", "Fatima", "Rana", "Hanan", "Salma", "Nour", "Layla", "Maryam", "Huda", "Iman"),
           ("Ahmad", "Omar", "Khaled", "Yusuf", "Samir", "Bilal", "Hassan", "Tarek", "Mahmoud", "Anas"),
           ("Haddad", "Khalil", "Mansour", "Darwish", "Saleh"), (("en", "B1"),)),
    Origin("uk", 22, "de",
           ("Oksana", "Iryna", "Kateryna", "Natalija", "Olena", "Daryna", "Solomija", "Hanna"),
           ("Andrij", "Dmytro", "Oleh", "Serhij", "Taras", "Bohdan"),
           ("Kovalenko", "Shevchuk", "Bondar", "Melnyk"), (("ru", "C1"),)),
    Origin("fa", 11, "de",
           ("Zahra", "Parisa", "Shirin", "Nasrin", "Fereshteh", "Laleh"),
           ("Reza", "Mehdi", "Farhad", "Navid", "Jawad", "Hamid"),
           ("Rahimi", "Karimi", "Ahmadi", "Noori"), (("ps", "B1"), ("en", "B1"))),
    Origin("ku", 8, "de",
           ("Rojin", "Berivan", "Zilan", "Dilan", "Nesrin"), ("Azad", "Baran", "Hêvîdar", "Rêzan", "Welat"),
           ("Demir", "Aslan", "Celik"), (("ar", "B2"), ("tr", "B2"))),
    Origin("tr", 6, "de", ("Elif", "Zeynep", "Ayşe", "Emine"), ("Mehmet", "Emre", "Mustafa", "Can"),
           ("Yıldız", "Kaya", "Öztürk"), (("en", "B1"),)),
    Origin("ru", 5, "de", ("Swetlana", "Ludmila", "Anna", "Marina"), ("Alexej", "Igor", "Michail", "Pawel"),
           ("Iwanowa", "Weber", "Petrow"), ()),
    Origin("ti", 5, "en", ("Selam", "Bruktawit", "Luwam", "Feven"), ("Filmon", "Yonas", "Teklit", "Merhawi"),
           ("Tesfay", "Gebremedhin"), (("en", "B1"), ("ar", "A2"))),
    Origin("so", 3, "en", ("Hodan", "Amina", "Ifrah"), ("Abdi", "Mohamed", "Liban"), ("Warsame", "Farah"),
           (("ar", "B1"), ("en", "B1"))),
    Origin("fr", 3, "en", ("Aminata", "Mariama", "Grace"), ("Ibrahima", "Mamadou", "Patrick"), ("Diallo", "Mbeki"),
           (("en", "B1"),)),
    Origin("ro", 3, "de", ("Ioana", "Andreea"), ("Bogdan", "Mihai"), ("Popescu", "Ionescu"), (("en", "B1"),)),
    Origin("sq", 2, "de", ("Arta", "Blerta"), ("Besnik", "Luan"), ("Krasniqi", "Hoxha"), ()),
    Origin("vi", 2, "de", ("Linh", "Thi Hoa"), ("Minh", "Duc"), ("Nguyen", "Tran"), (("en", "A2"),)),
    Origin("es", 2, "en", ("Camila", "Valentina"), ("Santiago", "Mateo"), ("García", "Rojas"), (("en", "B1"),)),
)  # fmt: skip

#: Guides who grew up with German.
GERMAN: Final = Origin(
    "de", 0, "de",
    ("Greta", "Ursula", "Renate", "Birgit", "Katrin", "Heike", "Anke", "Lena", "Johanna", "Petra", "Monika", "Silke",
     "Christa", "Wiebke", "Antje", "Marie", "Frauke", "Elke"),
    ("Hans", "Klaus", "Uwe", "Jürgen", "Heinrich", "Lars", "Torben", "Matthias", "Florian", "Dieter", "Frank", "Jonas"),
    ("Lindner", "Meyer", "Brandt", "Behrens", "Hoffmann", "Krüger", "Wilkens", "Oltmanns", "Bartels", "Harms",
     "Cordes", "Ahrens", "Peters", "Lüders", "Stöver", "Engelke", "Thiele", "Rohde"),
)  # fmt: skip
