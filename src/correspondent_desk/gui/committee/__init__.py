"""A hub in a folder of this computer, for a small committee that keeps it at a window."""
