"""Prepares a context for scripts, and calls them.

Evaluated once a context, before any script. Java uses load() and call() only.
"""

import _io
import builtins
import collections
import functools
import importlib.abc
import importlib.machinery
import io
import linecache
import os
import sys
import types
from _thread import allocate_lock

# What GraalPy can't run. Kept short: a stand-in misleads `try: import x`.
ABSENT = ("numpy", "pandas")


class _StandIn(types.ModuleType):
    """Lets an unused import pass; the first use says what is missing."""

    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        package = self.__name__.partition(".")[0]
        raise ImportError(
            f"the package {package} is not available to download scripts "
            f"(used: {self.__name__}.{name})",
            name=package,
        )


class _StandInFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Comes last, so that a real package wins."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname.partition(".")[0] in ABSENT:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec):
        return _StandIn(spec.name)

    def exec_module(self, module):
        pass


sys.meta_path.append(_StandInFinder())


class _Open:
    """open() that remembers what it has opened.

    CPython closes a forgotten file at once, as in `open(path, "wb").write(data)`. GraalPy does when the
    garbage collector finds it, so what is still in its buffer would be missing in the file that
    download() returns, and before that to whoever opens the file or asks for its size.
    """

    def __init__(self, stock):
        functools.update_wrapper(self, stock)
        self._stock = stock
        self._opened = []
        self._written = collections.deque(maxlen=32)  # the last ones; none but files with a path
        self._many = 32
        self._tidying = allocate_lock()

    def __call__(self, *arguments, **options):
        self.flush()
        file = self._stock(*arguments, **options)
        if _is_written(*arguments, **options):
            self._written.append(file)
        self.remember(file)
        return file

    def remember(self, file):
        """To be closed with what was opened; before what was remembered earlier."""
        self._opened.append(file)
        if len(self._opened) > self._many and self._tidying.acquire(False):
            try:
                known = len(self._opened)  # other threads append to it meanwhile
                self._opened[:known] = filter(_is_open, self._opened[:known])
                self._many = 2 * len(self._opened) + 32
            finally:
                self._tidying.release()

    def flush(self):
        """Lets be seen what has been written to files that may have been forgotten."""
        if not self._written:
            return
        for file in self._written.copy():
            try:
                if _is_open(file):
                    file.flush()
            except (OSError, ValueError, RuntimeError):
                pass  # who closes it is told

    def forget(self):
        """A script's module may keep open what it has opened for itself."""
        self._opened.clear()
        self._written.clear()

    def close_all(self):
        """Closes what is still open; fails as the first one does that can't be."""
        failure = None
        self._written.clear()
        while self._opened:
            file = self._opened.pop()
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


def _parse_user_agents_once():
    """UserAgent() parses thousands of JSON lines and .random filters them all, at every call.

    Here both are done once a context. What is kept of the agents are columns of values that most of them share,
    a twentieth of the memory of their dicts; what a script gets to see are dicts of its own.
    """
    import fake_useragent.fake as fake

    agent = fake.FakeUserAgent
    read = fake.load
    stock_choice = agent.getBrowser
    stock_filter = agent._filter_useragents
    columns = {}
    chosen = {}

    class Unseen:
        """Stands for the data of an agent until someone looks at it."""

    def all_agents():
        nonlocal columns
        if columns:
            return [one_agent(row) for row in range(len(columns["useragent"]))]
        agents = read()
        texts = {}

        def shared(value):
            return texts.setdefault(value, value) if type(value) is str else value

        columns = {name: tuple([shared(a[name]) for a in agents]) for name in agents[0]}
        return agents

    def one_agent(row):
        return {name: values[row] for name, values in columns.items()}

    def get_data(self):
        data = self.__dict__.get("data_browsers", Unseen)
        if data is Unseen:
            data = self.__dict__["data_browsers"] = all_agents()
        return data

    def set_data(self, data):
        self.__dict__["data_browsers"] = data

    def filtered(self, wanted):
        """The rows of the agents that the stock filter lets through."""
        key = (
            tuple(self.browsers),
            tuple(self.os),
            tuple(self.platforms),
            self.min_version,
            self.min_percentage,
            tuple(wanted) if isinstance(wanted, list) else wanted,
        )
        rows = chosen.get(key)
        if rows is None:
            if len(chosen) > 100:
                chosen.clear()
            agents = all_agents()
            view = object.__new__(agent)
            view.__dict__.update(self.__dict__, data_browsers=agents)
            passed = {id(a) for a in stock_filter(view, wanted)}
            rows = chosen[key] = [row for row, a in enumerate(agents) if id(a) in passed]
        return rows

    def filter_useragents(self, browsers_to_filter=None):
        if self.__dict__.get("data_browsers") is not Unseen:
            return stock_filter(self, browsers_to_filter)
        return [one_agent(row) for row in filtered(self, browsers_to_filter)]

    def get_browser(self, browsers):
        if (
            self.__dict__.get("data_browsers") is Unseen
            and type(self)._filter_useragents is filter_useragents
        ):
            rows = filtered(self, None if browsers == "random" else browsers)
            if rows:
                return one_agent(fake.random.choice(rows))
        return stock_choice(self, browsers)

    fake.load = lambda: Unseen
    agent.data_browsers = property(get_data, set_data)
    agent._filter_useragents = filter_useragents
    agent.getBrowser = get_browser


_parse_user_agents_once()

import requests  # noqa: E402,F401  nearly every script does: its byte code is then in the cache


def _look_for_socks_when_asked():
    """requests looks for PySocks when it is imported, which is before a script can bring it along."""
    import requests.adapters as adapters

    without = adapters.SOCKSProxyManager

    def SOCKSProxyManager(*args, **kwargs):
        try:
            from urllib3.contrib.socks import SOCKSProxyManager as manager
        except ImportError:
            manager = without  # says what is missing
        return manager(*args, **kwargs)

    adapters.SOCKSProxyManager = SOCKSProxyManager


_look_for_socks_when_asked()


def _doubt_what_looks_like_lzma():
    """Nearly all bytes pass for the old .lzma format here, and then ask for gigabytes, which ends the process;
    tarfile.open() tries it on every archive. As in liblzma, a dictionary of an odd size is none."""
    import lzma

    stock = lzma.LZMADecompressor
    large = 1 << 27

    class LZMADecompressor(stock):
        def __init__(self, format=lzma.FORMAT_AUTO, memlimit=None, filters=None):
            super().__init__(format=format, memlimit=memlimit, filters=filters)
            self._head = b"" if format in (lzma.FORMAT_AUTO, lzma.FORMAT_ALONE) else None

        def decompress(self, data, max_length=-1):
            if self._head is not None:
                self._head += bytes(data[:5])
                if len(self._head) >= 5:
                    head, self._head = self._head, None
                    self._look(head[0], int.from_bytes(head[1:5], "little"))
            return super().decompress(data, max_length)

        @staticmethod
        def _look(first, size):
            if first == 0xFD:  # .xz
                return
            top = 1 << size.bit_length() >> 1
            if size not in (top, top | top >> 1):
                raise lzma.LZMAError("Input format not supported by decoder")
            if size > large:
                raise lzma.LZMAError("Memory usage limit exceeded")

    LZMADecompressor.__module__, LZMADecompressor.__qualname__ = stock.__module__, stock.__qualname__
    lzma.LZMADecompressor = LZMADecompressor


_doubt_what_looks_like_lzma()


_MAX_FRAMES = 30
_PLAIN = (bool, int, float, bytes, list, tuple, dict)  # what they make of `not` no script has changed
_errors = sys.stderr
_module = None
_streams = None
_builtins_untouched = None


def _watch_builtins():
    """A function that says whether the builtins are what they are now; cheaper than to compare them all."""
    names = {"b": builtins, "l": len, "d": builtins.__dict__, "n": len(builtins.__dict__)}
    tests = ["l(d) == n"]
    for name, value in builtins.__dict__.items():
        if name.islower() and not name.startswith("__") or name == "__import__":
            names["_" + name] = value
            tests.append(f"b.{name} is _{name}")
    return eval("lambda: " + " and ".join(tests), names)


def _is_spoiled():
    """Whether the next line would meet what this one has broken. What a script changes in other
    modules stays: its next lines may rely on it, and no other script gets to see this context."""
    try:
        return not (
            sys.stdout is _streams[0]
            and sys.stderr is _streams[1]
            and not sys.stdout.closed
            and not sys.stderr.closed
            and _builtins_untouched()
        )
    except BaseException:
        return True


def load(name, source, packages, folder):
    """Runs a script's module; `name` is its file name and, without suffix, its module name.

    What it requires, in the folder `packages` or None, comes behind the client's own packages.

    Answers as call() does; the kind is LOADED where all went well.
    """
    global _module, _streams, _builtins_untouched
    answer = None
    try:
        os.chdir(folder)
        if packages:
            sys.path.append(packages)
        module = types.ModuleType(name.rpartition(".")[0])
        module.__file__ = name
        sys.modules[module.__name__] = module
        linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        _module = module
        exec(compile(source, name, "exec"), module.__dict__)
        if callable(getattr(module, "download", None)):
            answer = ["LOADED", "", [], False]
        else:
            what = "the script has no function download(line, output_local_dir)"
            answer = ["RAISED", what, [], False]
    except BaseException as error:
        answer = _raised(error)
    finally:
        _open.forget()
        _flush(answer)
    _streams = (sys.stdout, sys.stderr)
    _builtins_untouched = _watch_builtins()
    return answer


def call(line, folder):
    """Answers what download() did, in plain values for Java: [kind, text, links, spoiled]."""
    answer = None
    try:
        os.chdir(folder)
        answer = _returned(_module.download(line, folder))
        _open.close_all()
    except BaseException as error:
        answer = _raised(error)
    finally:
        try:
            _open.close_all()
        except BaseException:
            pass  # the call has failed already
        _flush(answer)
    if _is_spoiled():
        answer[3] = True
    return answer


def _flush(answer):
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            if answer is not None:
                answer[3] = True


def _returned(value):
    if value is None:
        return ["NONE", "", [], False]
    try:
        path = os.fspath(value)
    except TypeError:
        path = None
    if isinstance(path, str):
        return ["PATH", str.__getitem__(path, slice(5000)), [], False]
    try:
        text = f"{value!r:.200}"
    except BaseException:
        text = "something"
    kind = "EMPTY" if type(value) in _PLAIN and not value else "ODD"
    return [kind, f"{text} of type {_name_of(type(value))}", [], False]


def _raised(error):
    """What Java gets to know of an exception, whose class may be hostile. Its traceback is printed."""
    kind = _name_of(type(error))
    if kind == "ForeignException":
        raise error  # os._exit() and the like: Java sees what it is
    try:
        text = str(error)
        what = f"{kind}: {text:.5000}" if text else kind
    except BaseException:
        what = f"{kind}: (its text can't be read)"
    frames = []
    try:
        frames = _own_frames(error)
        _errors.write("\n".join((*_traceback(frames), what, "")))
        _errors.flush()
    except BaseException:
        pass  # the script has closed the stream, or broken what it takes
    try:
        links = _links(error)
    except BaseException:
        links = []
    where = f" (line {frames[-1][0]} of the script)" if frames else ""
    return ["RAISED", what + where, links, False]


def _name_of(kind):
    """The name of a class, whatever its metaclass makes of it."""
    return type.__dict__["__name__"].__get__(kind)


def _own_frames(error):
    """The places in the script that an error came by: (line, function)."""
    frames = []
    name = _module.__file__
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == name:
            frames.append((trace.tb_lineno, code.co_name))
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename == name:
        frames.append((error.lineno, "<module>"))
    return frames


def _traceback(frames):
    if frames:
        yield "Traceback (the script's own lines, most recent call last):"
    for at, function in frames[-_MAX_FRAMES:]:
        yield f'  File "{_module.__file__}", line {at}, in {function}'
        yield "    " + linecache.getline(_module.__file__, at).strip()


def _links(error):
    """The error and what it was raised from or wraps: [type names, HTTP status, Retry-After, errno]."""
    links = []
    waiting = [error]
    seen = set()
    while waiting and len(links) < 20:
        link = waiting.pop(0)
        if id(link) in seen:
            continue
        seen.add(id(link))
        names = [f"{t.__module__}.{t.__qualname__}" for t in type(link).__mro__]
        status, retry_after = _http(link)
        number = getattr(link, "errno", None)
        links.append([names, status, retry_after, number if isinstance(number, int) else -1])
        inner = [link.__cause__, getattr(link, "reason", None), *getattr(link, "args", ())]
        waiting.extend(i for i in inner if isinstance(i, BaseException))
    return links


def _http(error):
    """Status and Retry-After of the answer that an HTTP library's error carries."""
    try:
        answer = getattr(error, "response", None)
        if isinstance(answer, dict):  # botocore
            metadata = answer.get("ResponseMetadata", {})
            status, headers = metadata.get("HTTPStatusCode"), metadata.get("HTTPHeaders", {})
        elif answer is not None:  # requests, httpx
            status, headers = getattr(answer, "status_code", None), answer.headers
        else:  # urllib, aiohttp
            status = getattr(error, "code", None) or getattr(error, "status", None)
            headers = getattr(error, "headers", None)
        if not isinstance(status, int):
            return -1, None
        retry_after = headers.get("Retry-After") if headers else None
        return status, str(retry_after) if retry_after is not None else None
    except Exception:
        return -1, None
