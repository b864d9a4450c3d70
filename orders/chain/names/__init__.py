"""What is on offer, and every way to name it. Pure."""
