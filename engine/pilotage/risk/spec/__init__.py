"""The specs of ``models/<outcome>/spec.yaml``, checked: read ``load``, ``leadership``, ``gap``."""
