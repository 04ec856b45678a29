"""Small widgets used by two pages or more."""
