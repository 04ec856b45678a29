"""What operators see of the hub in a browser: it works without JavaScript and loads nothing from elsewhere."""
