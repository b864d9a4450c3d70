"""Pick lists per building, bags per household, and their sheets. They read only Allocations."""
