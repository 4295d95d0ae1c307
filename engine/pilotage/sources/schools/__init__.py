"""The panel of schools from official files.

Read ``official``, which tells the story; each other module makes one part of the panel.
"""
