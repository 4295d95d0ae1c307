"""What planners have decided: tables read (``tables``), and put together (``decisions``)."""
