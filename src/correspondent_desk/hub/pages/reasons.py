"""Why a desk is revoked: words of the audit, so that nothing personal is written there."""

WHY_REVOKED = ("lost", "stolen", "replaced", "left", "other")
