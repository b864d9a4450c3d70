"""宛平南苑: 99 households of Shanghai in April 2022. Everybody's name and number is invented."""
