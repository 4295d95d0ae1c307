"""The workbench: a question set up, asked, changed, answered and exported in the browser, on this computer alone.

It holds no logic of its own. Read ``app`` and ``bench`` (what a window remembers), then the steps in their order:
``opening``, ``form``, ``running``, ``answer``, ``comparing``, ``answers``, ``export`` (with ``sharing``); and
``shown``.
"""
