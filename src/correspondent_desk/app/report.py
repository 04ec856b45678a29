"""What stands in the window when something went wrong that nobody caught."""

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.main_window import MainWindow
from correspondent_desk.gui.widgets.buttons import main_button
from correspondent_desk.gui.widgets.trouble import Trouble, report_of
from correspondent_desk.language import _
from correspondent_desk.messages.errors import trouble


def report_page(window: MainWindow, bug: BaseException, refused: DeskError | None) -> Trouble:
    """What happened, a report without personal data, and the way back to what window shows now.

    refused: what the world refused, if it was no bug after all.
    """
    if refused is not None:
        words = trouble(refused)
        page = Trouble(words.happened, words.safe, words.to_do, report_of(bug))
    else:
        page = Trouble(
            _("Something in the program went wrong."),
            _("What was saved is safe, and what was being typed is kept."),
            _("Go on, and send the report to those who look after the program."),
            report_of(bug),
        )
    before = window.presented
    onward = main_button(_("&Go on"))
    if before is not None:
        onward.clicked.connect(lambda: window.present(before))
    onward.clicked.connect(lambda: window.dismiss(page))
    page.add_action(onward)
    return page
