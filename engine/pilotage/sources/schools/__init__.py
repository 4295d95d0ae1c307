"""The panel of schools from official files. ``official`` tells the story; the others make one part of it each."""
