"""Words of Qt's own dialogs that its French lacks: 6.12 left some of the file dialog out."""

from PySide6.QtCore import QTranslator

from correspondent_desk.language import _


class QtWords(QTranslator):
    """Asked before Qt's own translation, since it is installed after it."""

    def isEmpty(self) -> bool:  # noqa: N802
        """Never: it holds no file, but words."""
        return False

    def translate(
        self,
        context: str,
        sourceText: str,  # noqa: N803 - Qt's name
        disambiguation: str | bytes | None = None,
        n: int = -1,
    ) -> str | None:
        """The words in the language in use; None for what Qt knows better: it asks on for that only."""
        match context:
            case "QFileDialog":
                words = {"&Look in:": _("&Look in:"), "Files of &type:": _("Files of &type:")}
            case "QAbstractFileIconProvider":  # the column of kinds
                words = {"Folder": _("Folder"), "Drive": _("Drive")}
            case _:
                return None
        return words.get(sourceText)
