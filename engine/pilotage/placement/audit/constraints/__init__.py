"""The problem's rows and variables, and the rows that the solver added, against those that the rules ask for."""
