"""An invented office to explore: people, requests, meetings; the same seed gives the same data."""
