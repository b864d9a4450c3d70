"""What leaves the house for a chat group: guarded texts, and the robots that carry them."""
