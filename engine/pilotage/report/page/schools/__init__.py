"""Every school of a run as data of the page.

Read ``school_data``, ``coded``, ``risk_words``, ``history``, ``similar``, ``options``, ``sheet``.
"""
