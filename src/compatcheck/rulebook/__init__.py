"""rules/ to one index that loads in milliseconds."""

from compatcheck.rulebook.book import load_rulebook
from compatcheck.rulebook.locate import RulesNotFound, rules_folder

__all__ = ["RulesNotFound", "load_rulebook", "rules_folder"]
