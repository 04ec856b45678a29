"""Compiles the French sentences into the wheel; hatchling runs this when it builds one."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Translations(BuildHookInterface[Any]):
    """Adds the compiled French, which is built and so not in the repository."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - theirs
        """Compile, and tell the wheel to take files that .gitignore leaves out."""
        sys.path.insert(0, self.root)
        from tools import translations

        i18n = Path(self.root, "src", "correspondent_desk", "resources", "i18n")
        translations.compile_french(i18n)
        for name in translations.COMPILED:
            build_data["artifacts"].append((i18n / name).relative_to(self.root).as_posix())
