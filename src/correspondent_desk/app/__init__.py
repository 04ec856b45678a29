"""The only place that builds and connects: store, tasks, workspace, window."""

from correspondent_desk import gui as gui  # first of all: it spares all that is loaded after it
