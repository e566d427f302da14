"""Says that scripts can't start programs, so that they can catch it and people can read it.

What keeps them from it is Java's: without this os.system() would end the context with words about Java's settings, and
subprocess would find no file of the program's name. Evaluated once a context.
"""


def _refuse_programs():
    import _posixsubprocess
    import errno
    import os
    import sys

    def refuse(*arguments, **options):
        raise PermissionError(errno.EPERM, "download scripts can't start programs")

    os.system = _posixsubprocess.fork_exec = refuse
    if "subprocess" in sys.modules:
        sys.modules["subprocess"]._fork_exec = refuse
