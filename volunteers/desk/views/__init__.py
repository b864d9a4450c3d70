"""Pages and actions of the desk."""
