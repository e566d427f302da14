"""Remembers the archives that a script writes, for it may forget them, too; see open() in opened_files.py.

CPython closes what nothing refers to any more, as in `gzip.open(path, "wb").write(data)`, or a ZipFile in a variable of
download(). Here their last bytes would be missing in the file that download() returns. Evaluated once a context.
"""


def _remember_archives():
    import builtins
    import gzip
    import io
    import lzma
    import zipfile
    from functools import wraps

    opened = builtins.open

    class Archive:
        """To open(), a file that has to be closed before the one below it, which was opened earlier."""

        def __init__(self, archive):
            self._archive = archive

        @property
        def closed(self):
            archive = self._archive
            return archive.fp is None if isinstance(archive, zipfile.ZipFile) else archive.closed

        def close(self):
            try:
                self._archive.close()
            except ValueError:
                pass  # the file below it is closed, or a member of it open: CPython tells nobody

    def from_its_making(kind, is_written):
        stock = kind.__init__

        @wraps(stock)
        def __init__(self, *arguments, **options):
            stock(self, *arguments, **options)
            if is_written(self):
                opened.remember(Archive(self))

        kind.__init__ = __init__

    def as_text(module):
        """In a mode of text there are letters in a buffer above the archive."""
        stock = module.open

        @wraps(stock)
        def open(*arguments, **options):
            file = stock(*arguments, **options)
            if isinstance(file, io.TextIOWrapper) and file.writable():
                opened.remember(Archive(file))
            return file

        module.open = open

    from_its_making(gzip.GzipFile, lambda file: file.mode == gzip.WRITE)
    from_its_making(lzma.LZMAFile, lambda file: file.writable())
    from_its_making(zipfile.ZipFile, lambda file: file.mode != "r")
    as_text(gzip)
    as_text(lzma)
