"""Meetings: the week, the list, planning and outcomes."""
