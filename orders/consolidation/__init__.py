"""From many orders to one: sums, order multiples, allocations, what a reviewer should look at."""
