"""Accuracy and speed of gausslib beside other libraries and the textbook formulas: `make bench`."""
