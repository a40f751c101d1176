"""Staff accounts, as the desk's tests make them."""

from tests.desk.conftest import groups, make_staff, otto, rita, ruben, sue  # noqa: F401  fixtures
