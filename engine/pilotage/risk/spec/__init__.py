"""The specs of ``models/<outcome>/spec.yaml``, checked: read ``load``, then ``gap``."""
