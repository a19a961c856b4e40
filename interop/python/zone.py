"""These clients write the time of the machine's zone; their users' machines are in Beijing's."""

import os
import time

_BEFORE = []


def enter():
    """Beijing from here on."""
    _BEFORE.append(os.environ.get("TZ"))
    os.environ["TZ"] = "CST-8"
    time.tzset()


def leave():
    """The machine's own zone again."""
    before = _BEFORE.pop()
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()
