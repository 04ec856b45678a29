"""Settings: the office, the look of the window, the safety of the store."""
