"""The report in the forms that people and programs read. Formats read the Report only: no files, no settings."""

from compatcheck.report.formats import FORMATS, Format
from compatcheck.report.view import View

__all__ = ["FORMATS", "Format", "View"]
