"""The programmers' door to applications: what is shown (`shapes`), by what it is found (`filters`), the door itself."""

from applications.api.door import ApplicationDoor

__all__ = ["ApplicationDoor"]
