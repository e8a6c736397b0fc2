"""Words about residence status, asylum or unlawful stay, in every language that people here may write.

§ 87 AufenthG makes public bodies report unlawful stay that they learn of. So nobody is asked, and a text that mentions
it is warned of before it is saved. This finds usual words, not every wording: a warning, no filter.
"""

import re
import unicodedata
from typing import Final

#: Letters that have no composed form to take apart.
_ALIKE: Final = str.maketrans({"đ": "d", "ł": "l", "ı": "i", "ی": "ي", "ى": "ي", "ک": "ك", "ـ": "", "\u200c": " "})


def fold(text: str) -> str:
    """Return `text` without case, marks and the differences between keyboards: `Tỵ Nạn` and `ty nan` are the same."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_ALIKE))
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).translate(_ALIKE)


#: ISO 639 code -> words and phrases; `*` stands for an ending, a space for any white space or hyphens.
WORDS: Final[dict[str, tuple[str, ...]]] = {
    "de": (
        "aufenthaltstitel*", "aufenthaltsstatus*", "aufenthaltserlaubnis*", "aufenthaltsgestattung*",
        "aufenthaltsrecht*", "aufenthaltsgenehmigung*", "aufenthaltspapier*", "duldung*", "geduldet*", "asyl*",
        "abschieb*", "abgeschoben*", "ausreisepflicht*", "niederlassungserlaubnis*", "fiktionsbescheinigung*",
        "flüchtlingseigenschaft*", "subsidiär* schutz*", "visum*", "illegal*", "ohne papiere", "keine papiere",
        "untergetaucht*",
    ),
    "en": (
        "asylum*", "residence permit*", "residence status", "residence title*", "immigration status", "toleration",
        "deport*", "visa", "visas", "illegal*", "undocumented", "without papers", "no papers", "overstay*",
    ),
    "ar": (
        "لجوء*", "لاجئ*", "إقامة", "إقامه", "إقامت*", "ترحيل*", "تأشيرة*", "فيزا", "غير شرعي*", "غير قانوني*",
        "دولدونغ", "دولدونج", "بدون أوراق", "بلا أوراق",
    ),
    "uk": (
        "притул*", "посвідк* на проживання", "дозв* на проживання", "дозв* на перебування", "депорт*", "нелегал*",
        "віза", "візи", "візу", "візою", "без документів",
    ),
    "ru": (
        "убежищ*", "вид* на жительство", "внж", "разрешени* на пребывание", "депорт*", "нелегал*", "виза", "визы",
        "визу", "визой", "без документов", "дульдунг*",
    ),
    "tr": (
        "oturma izn*", "oturum izn*", "ikamet*", "iltica*", "sığınma*", "sınır dışı*", "kaçak*", "vize", "vizem*",
        "vizesi*", "kağıtsız", "duldung*",
    ),
    "fa": (
        "پناهندگی*", "پناهنده*", "پناهجو*", "اقامت*", "دیپورت*", "اخراج از آلمان", "ویزا*", "روادید", "غیرقانونی*",
        "غیر قانونی*", "بدون مدرک", "دولدونگ",
    ),
    "ku": (
        "mafê mayînê", "destûra mayînê", "îqame*", "penaber*", "penaxwaz*", "vîze", "vîzeya*", "vîzeyê", "dersînor*",
        "qaçax*", "bê kaxez*",
    ),
    "fr": (
        "asile", "titre* de séjour", "carte* de séjour", "permis de séjour", "sans papier*", "clandestin*", "expuls*",
        "illégal*", "irrégulier*", "visa", "visas", "réfugié*",
    ),
    "ti": ("ዑቕባ*", "ዕቑባ*", "መንበሪ ፍቓድ*", "ፍቓድ መንበሪ*", "ቪዛ*", "ዘይሕጋዊ*", "ዘይ ሕጋዊ*", "ብዘይ ወረቐት*", "ዱልዱንግ*"),
    "ro": (
        "azil*", "permis* de ședere", "drept* de ședere", "ilegal*", "expulz*", "deport*", "viza", "vize", "vizei",
        "fără acte",
    ),
    "bg": (
        "убежище*", "разрешени* за пребиваване", "право на пребиваване", "нелегал*", "депорт*", "виза", "визата",
        "визи", "без документи",
    ),
    "pl": (
        "azyl*", "pozwoleni* na pobyt", "zezwoleni* na pobyt", "kart* pobytu", "nielegaln*", "deport*", "wiza", "wizy",
        "wizę", "bez dokumentów", "bez papierów",
    ),
    "vi": (
        "tị nạn*", "tỵ nạn*", "giấy phép cư trú", "thẻ cư trú", "bất hợp pháp", "trục xuất", "thị thực",
        "không giấy tờ",
    ),
    "sq": (
        "azil*", "lej* qëndrimi*", "lej* e qëndrimit", "ilegal*", "paligjshëm*", "deport*", "dëbim*", "vizë", "vizën",
        "vizës", "viza", "pa dokumente",
    ),
    "ps": (
        "پناه غوښت*", "پناه اخیست*", "د استوګنې جواز*", "د اوسېدو جواز*", "اقامه", "ډیپورټ*", "ویزه*", "ویزې",
        "غیرقانوني*", "غیر قانوني*", "بې اسناد*",
    ),
}  # fmt: skip

#: Arabic and Persian write "the", "and", "to", "with" onto the word.
_BEFORE: Final = {"ar": "[وفبكل]?(?:ال|لل)?", "fa": "", "ti": "[ብንዝ]?"}
_ENDING: Final = r"\w{0,15}"


def _pattern(language: str, words: tuple[str, ...]) -> str:
    each = (re.escape(fold(word)).replace(r"\*", _ENDING).replace(r"\ ", r"[\s\-]{1,3}") for word in words)
    return f"{_BEFORE.get(language, '')}(?:{'|'.join(each)})"


_FOUND: Final = re.compile(r"(?<!\w)(?:" + "|".join(_pattern(*item) for item in WORDS.items()) + r")(?!\w)")


def mentioned(text: str | None) -> bool:
    """Whether `text` seems to speak of somebody's residence status. Linear in the length of the text."""
    return bool(text) and _FOUND.search(fold(text or "")) is not None
