"""report.html, the page of a run.

Read ``page``, ``first_screen``, ``data_strip``, ``facts``, ``need_map``, ``tabs``, ``plan_cells``, ``supply_bars``,
``script``; ``schools`` is what it holds of every school.
"""
