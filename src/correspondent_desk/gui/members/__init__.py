"""The page of members: the list, the card of one, and the forms."""
