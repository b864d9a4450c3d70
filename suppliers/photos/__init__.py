"""Pictures of products: what is taken, what is kept of it."""
