"""Words about residence status are noticed in every language, ordinary sentences are not, and no text takes long."""

import time

import pytest

from lotsen.rules.residence import WORDS, mentioned

#: A sentence that is warned of and one that is not, by language.
SENTENCES = {
    "de": ("Er hat nur eine Duldung.", "Wir treffen uns im Aufenthaltsraum der Schule."),
    "en": ("Her visa ran out in May.", "I need help to visit the doctor."),
    "ar": ("ليس لدي إقامة في ألمانيا", "أحتاج إلى مساعدة عند الطبيب"),
    "uk": ("Він тут нелегально.", "Мені потрібна допомога у школі."),
    "ru": ("У неё нет ВНЖ.", "Мне нужна помощь с врачом."),
    "tr": ("Oturma iznim yok.", "Doktora giderken yardıma ihtiyacım var."),
    "fa": ("درخواست پناهندگی داده‌ام", "برای رفتن به دکتر کمک می‌خواهم"),
    "ku": ("Mafê mayînê tune ye.", "Ji bo bijîşk alîkarî dixwazim."),
    "fr": ("Il est sans-papiers.", "Je cherche de l’aide pour l’école."),
    "ti": ("ዑቕባ ሓቲተ ኣለኹ", "ናብ ሓኪም ክኸይድ ሓገዝ እደሊ"),
    "ro": ("Nu am permis de ședere.", "Am nevoie de ajutor la medic."),
    "bg": ("Тя няма разрешение за пребиваване.", "Имам нужда от помощ в училище."),
    "pl": ("Nie mam pozwolenia na pobyt.", "Potrzebuję pomocy u lekarza."),
    "vi": ("Tôi đang xin tị nạn.", "Tôi cần giúp đỡ khi đi khám bệnh."),
    "sq": ("Nuk kam leje qëndrimi.", "Kam nevojë për ndihmë te mjeku."),
    "ps": ("زه د استوګنې جواز نه لرم", "زه د ډاکټر لپاره مرستې ته اړتیا لرم"),
}
WRITTEN_OTHERWISE = (
    "ASYLVERFAHREN", "asyl-antrag", "tỵ nạn", "ti nan", "وإقامتها", "بالإقامة", "إقامةً", "اقامتي", "غیرقانونی",
    "غیر‌قانونی", "SANS PAPIERS", "sans papiers", "Kaçak", "kacak", "ședere: permis de sedere", "Sınır dışı edildi",
    "subsidiärer Schutz", "Aufenthaltsgestattung", "abgeschoben",
)  # fmt: skip


def test_every_language_has_its_words_and_its_sentences():
    assert set(SENTENCES) == set(WORDS)
    assert len(WORDS) == 16


@pytest.mark.parametrize("language", SENTENCES)
def test_each_language(language):
    about, plain = SENTENCES[language]
    assert mentioned(about)
    assert not mentioned(plain)


@pytest.mark.parametrize("text", WRITTEN_OTHERWISE)
def test_other_spellings_keyboards_and_endings(text):
    assert mentioned(f"x, {text}.")


@pytest.mark.parametrize("text", ["", None, "visage", "Provisum", "Basylikum", "Dienstag um 15 Uhr", "Vizepräsident"])
def test_what_only_looks_alike(text):
    assert not mentioned(text)


@pytest.mark.parametrize("piece", ["a", "aufenthalts", " ", "asyl-", "subsidiär ", "و", "وال", "permis de ", "à́"])
def test_the_time_grows_with_the_text_alone(piece):
    def spent(length: int) -> float:
        text = piece * (length // len(piece))
        began = time.process_time()
        mentioned(text)
        return time.process_time() - began

    spent(1000)
    assert spent(40_000) < 40 * max(spent(4_000), 0.01)
