"""Crisis tags with the words that say so, by rules over data files."""
