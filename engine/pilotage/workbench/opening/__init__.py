"""The step Set up: what is open, and the planner's workbook and tables, corrected cell by cell."""
