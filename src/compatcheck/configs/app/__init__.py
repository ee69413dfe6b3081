"""An Anvil app as a whole: its anvil.yaml against its forms, its modules and what they import."""

from compatcheck.configs.app.checking import check_app
from compatcheck.configs.app.layout import App, is_part
from compatcheck.configs.app.yaml_parts import check_client_version

__all__ = ["App", "check_app", "check_client_version", "is_part"]
