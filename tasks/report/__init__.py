"""The chapters of the city report, each a function from material to a section of blocks."""
