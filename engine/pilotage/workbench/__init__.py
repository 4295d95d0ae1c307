"""The workbench: a question set up, asked, changed, answered and exported in the browser, on this computer alone.

It holds no logic of its own. Read ``app``, ``shell`` and ``bench`` (what a window remembers), then the steps in their
order: ``setup``, ``question``, ``running``, ``answer``, ``comparing``, ``answers``, ``export``.
"""
