"""The panel of schools from official files. ``official`` tells the story; each other module makes one part of it."""
