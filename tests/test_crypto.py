"""Status codes and encrypted text."""

import pytest
from cryptography.fernet import Fernet, InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from lotsen import crypto

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture(autouse=True)
def keys():
    crypto.configure((OLD,), "a secret key of a reasonable length")


def test_codes_have_sixty_bits_and_differ():
    codes = {crypto.new_status_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(len(crypto.normalise_code(code)) == 12 for code in codes)
    assert len(crypto.ALPHABET) == 32


def test_typing_a_code_in_small_letters_with_spaces_and_lookalikes_finds_it():
    assert crypto.code_digest("7k2m pq4t 0111") == crypto.code_digest("7K2M-PQ4T-OIL1")


@given(st.text(max_size=60))
def test_any_typed_text_has_a_digest_without_an_error(text):
    assert len(crypto.code_digest(text)) == 64


@given(st.text())
def test_free_text_comes_back_and_does_not_stand_readable(text):
    token = crypto.encrypt(text)
    assert crypto.decrypt(token) == text
    assert len(text) < 4 or text not in token


def test_keys_rotate_and_a_lost_key_is_noticed():
    token = crypto.encrypt("confidential")
    crypto.configure((NEW, OLD), "a secret key of a reasonable length")
    assert crypto.decrypt(token) == "confidential"
    crypto.configure((NEW,), "a secret key of a reasonable length")
    with pytest.raises(InvalidToken):
        crypto.decrypt(token)
