"""The language of the window: our own words, Qt's, and how numbers and dates are written."""

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QApplication

from correspondent_desk import language
from correspondent_desk.gui.qt_words import QtWords


class Speech(QObject):
    """What the application speaks; nothing before `speak`."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self._app = app
        self._translator, self._words = QTranslator(self), QtWords(self)

    def speak(self, chosen: str) -> None:
        """Speak this language from now on; that of the system if none was chosen."""
        code = chosen or language.of_the_system()
        language.use(code)
        QLocale.setDefault(QLocale("fr_FR" if code == "fr" else "en_GB"))
        self._app.removeTranslator(self._translator)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._translator.load(f"qtbase_{code}", folder):
            self._app.installTranslator(self._translator)
        self._app.removeTranslator(self._words)
        self._app.installTranslator(self._words)
