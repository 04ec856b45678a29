"""The only place that builds and connects: store, tasks, workspace, window."""
