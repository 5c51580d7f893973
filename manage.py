#!/usr/bin/env python
"""Django's command line. On a bare machine (nothing that a deployment names is named) it brings its own servers."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")
    from cms.bare import machine

    if machine.is_bare():
        machine.settle()
    from django.core.management import execute_from_command_line

    from cms.call_room import with_room

    try:
        with_room(execute_from_command_line)(sys.argv)
    except Exception as error:
        from cms.services import sentence_about

        if (sentence := sentence_about(error)) is None:
            raise
        sys.exit(sentence)


if __name__ == "__main__":
    main()
