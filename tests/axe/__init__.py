"""Every page as axe judges it, on a phone and on a desktop."""
