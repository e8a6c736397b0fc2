"""Pango sets the type of our PDF. `make test` installs it first, so that there nothing is skipped for want of it; the
fast half, `make check`, also runs on machines where nothing can be installed.
"""

import pytest

from lotsen import documents

needs_pango = pytest.mark.skipif(not documents.available(), reason="Pango is missing: `make debian` installs it")
