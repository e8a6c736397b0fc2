"""What a referral's reference is made of, on the form and from other systems."""

from typing import Final

#: Letters, digits and a few signs: a file sign fits in, a name hardly does.
REFERENCE: Final = r"^[A-Za-z0-9 ./_-]*$"
