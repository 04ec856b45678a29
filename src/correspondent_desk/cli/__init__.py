"""The command line: what a desk and a hub do without a window, without Qt."""
