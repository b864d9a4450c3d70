"""A line cut into tokens, and the tokens read: what is wanted. Pure."""
