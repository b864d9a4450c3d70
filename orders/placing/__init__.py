"""What residents do: place, change and cancel orders while the window is open."""
