"""The code behind the guide: one clinic's details in, checked facts and printed sheets out."""

__version__ = "0.1.0"
