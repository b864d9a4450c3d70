"""Races, each with a control that takes the lock away and must then see the harm: it proves that the race is there."""
