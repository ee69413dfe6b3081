"""Settings, the project's root, and the files to check. Reads files; starts nothing and prints nothing.

Paths are strings: a Path for each entry of a large tree would cost more than reading it.
"""

from compatcheck.project.errors import BadSettings, SettingsError
from compatcheck.project.project import Project, open_project
from compatcheck.project.reading import read
from compatcheck.project.showing import render_settings
from compatcheck.project.walk import File

__all__ = ["BadSettings", "File", "Project", "SettingsError", "open_project", "read", "render_settings"]
