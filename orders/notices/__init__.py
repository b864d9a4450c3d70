"""What people are told about a round: when it is due, in whose inbox it comes, what the groups read."""
