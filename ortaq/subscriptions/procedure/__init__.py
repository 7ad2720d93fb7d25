"""What changes a subscription, and what sends its letters."""
