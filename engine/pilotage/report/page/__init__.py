"""report.html, the page of a run.

Read ``page``, ``first_screen``, ``data_strip``, ``plan_figures``, ``need_map``, ``tabs``, ``plan_cells``,
``supply_bars``, ``script``; ``schools`` is what it holds of every school.
"""
