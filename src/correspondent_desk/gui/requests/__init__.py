"""The page of requests: the list, the card of one, and the form."""
