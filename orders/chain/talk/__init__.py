"""What a line says besides goods and numbers: names, wishes, changes of mind, talk. Pure."""
