"""The pages of every import in the console: preview, mending, confirmation, result. A kind brings a `Desk`."""
