"""What people see of themselves over REST."""
