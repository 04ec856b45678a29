"""The hub over HTTPS: `correspondent-desk hub serve`. What operators see in a browser is not here."""
