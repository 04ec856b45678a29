"""Areas that scroll, which answer a screen reader that asks for a part that is gone.

Qt counts a scroll bar among the parts of an area while it is in view. To a question for one that has
gone since it was counted it answers with what lies behind the others in memory, and the program ends
(ADR 43). How it answers, it chooses by the name of the class: of what it takes for a plain widget it
counts all parts, whether they are in view or not, and knows which there are.
"""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractScrollArea, QScrollArea

_PLAIN = "QWidget"

if TYPE_CHECKING:
    AbstractScrollArea = QAbstractScrollArea
    ScrollArea = QScrollArea
else:
    AbstractScrollArea = type(_PLAIN, (QAbstractScrollArea,), {})
    ScrollArea = type(_PLAIN, (QScrollArea,), {})
