"""An Anvil app as a whole: its anvil.yaml against its forms, its modules and what they import."""

from compatcheck.configs.app.checking import check_app
from compatcheck.configs.app.layout import App, is_part

__all__ = ["App", "check_app", "is_part"]
