"""The command line: every job of the desk and of the hub without a window, without Qt."""
