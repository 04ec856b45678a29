"""The desk's exchange with its hub over HTTPS: the same bundles as by file, on a faster stick."""
