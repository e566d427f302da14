"""Remembers the files that a script opens, for it may forget them.

Evaluated once a context, before the rest of what prepares it for scripts; calls.py closes the files of each call.
"""

import _io
import builtins
import functools
import io
import os
from _thread import allocate_lock


class _Open:
    """open() that remembers what it has opened.

    CPython closes a forgotten file at once, as in `open(path, "wb").write(data)`. GraalPy does when the
    garbage collector finds it, so what is still in its buffer would be missing in the file that
    download() returns, and before that to whoever opens the file or asks for its size.
    """

    def __init__(self, stock):
        functools.update_wrapper(self, stock)
        self._stock = stock
        self._opened = []  # and whether each is written to
        self._many = 32
        self._tidying = allocate_lock()

    def __call__(self, *arguments, **options):
        self.flush()
        file = self._stock(*arguments, **options)
        self.remember(file, _is_written(*arguments, **options))
        return file

    def remember(self, file, written=False):
        """To be closed with what was opened; before what was remembered earlier."""
        self._opened.append((file, written))
        if len(self._opened) > self._many and self._tidying.acquire(False):
            try:
                known = len(self._opened)  # other threads append to it meanwhile
                self._opened[:known] = [kept for kept in self._opened[:known] if _is_open(kept[0])]
                self._many = 2 * len(self._opened) + 32
            finally:
                self._tidying.release()

    def flush(self):
        """Lets be seen what has been written to files that may have been forgotten."""
        for file, written in self._opened.copy():
            try:
                if written and _is_open(file):
                    file.flush()
            except (OSError, ValueError, RuntimeError):
                pass  # who closes it is told

    def forget(self):
        """A script's module may keep open what it has opened for itself."""
        self._opened.clear()

    def close_all(self):
        """Closes what is still open; fails as the first one does that can't be."""
        failure = None
        while self._opened:
            file, _ = self._opened.pop()
            try:
                if _is_open(file):
                    file.close()
            except BaseException as error:
                failure = failure or error
        if failure is not None:
            raise failure


def _is_open(file):
    try:
        return not file.closed
    except ValueError:  # it gave its buffer away
        return False


def _is_written(file, mode="r", *_, **__):
    return not isinstance(file, int) and ("r" not in mode or "+" in mode)


_open = builtins.open = io.open = _io.open = _Open(open)


def _flush_before_stat():
    stock = os.stat

    @functools.wraps(stock)
    def stat(*arguments, **options):
        _open.flush()
        return stock(*arguments, **options)

    for supporting in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
        if stock in supporting:
            supporting.add(stat)
    os.stat = stat


_flush_before_stat()
