"""How somebody is reached: an e-mail address, a telephone number; brought into the form in which they are kept."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email


def email(text: str) -> str:
    """Return an e-mail address in its usual form, without asking the network. Raises `ValueError`."""
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(text) from error


def phone(text: str) -> str:
    """Return a telephone number as E.164, numbers without a country as German. Raises `ValueError`."""
    try:
        number = phonenumbers.parse(text, "DE")
    except phonenumbers.NumberParseException as error:
        raise ValueError(text) from error
    if not phonenumbers.is_valid_number(number):
        raise ValueError(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
