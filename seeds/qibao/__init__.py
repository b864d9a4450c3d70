"""七宝镇: a town of 100 communities and 30,000 households in April 2022. Everybody's name and number is invented."""
