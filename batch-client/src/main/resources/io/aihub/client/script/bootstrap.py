"""Prepares a context for scripts, and calls them.

Evaluated once a context, before any script. Java uses load() and call() only.
"""

import builtins
import importlib.abc
import importlib.machinery
import linecache
import os
import sys
import types

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


def _parse_user_agents_once():
    """UserAgent() parses thousands of JSON lines and .random filters them all, at every call.

    Here both are done once a context. What a script gets to see of them is a copy.
    """
    import fake_useragent.fake as fake

    agent = fake.FakeUserAgent
    read = fake.load
    stock_choice = agent.getBrowser
    stock_filter = agent._filter_useragents
    parsed = []
    chosen = {}

    class Unseen:
        """Stands for the data of an agent until someone looks at it."""

    def all_agents():
        if not parsed:
            parsed.extend(read())
        return parsed

    def get_data(self):
        data = self.__dict__.get("data_browsers", Unseen)
        if data is Unseen:
            data = self.__dict__["data_browsers"] = [dict(a) for a in all_agents()]
        return data

    def set_data(self, data):
        self.__dict__["data_browsers"] = data

    def filtered(self, wanted):
        key = (
            tuple(self.browsers),
            tuple(self.os),
            tuple(self.platforms),
            self.min_version,
            self.min_percentage,
            tuple(wanted) if isinstance(wanted, list) else wanted,
        )
        agents = chosen.get(key)
        if agents is None:
            if len(chosen) > 100:
                chosen.clear()
            view = object.__new__(agent)
            view.__dict__.update(self.__dict__, data_browsers=all_agents())
            agents = chosen[key] = stock_filter(view, wanted)
        return agents

    def filter_useragents(self, browsers_to_filter=None):
        if self.__dict__.get("data_browsers") is not Unseen:
            return stock_filter(self, browsers_to_filter)
        return [dict(a) for a in filtered(self, browsers_to_filter)]

    def get_browser(self, browsers):
        if (
            self.__dict__.get("data_browsers") is Unseen
            and type(self)._filter_useragents is filter_useragents
        ):
            agents = filtered(self, None if browsers == "random" else browsers)
            if agents:
                return dict(fake.random.choice(agents))
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


def load(name, source):
    """Runs a script's module; `name` is its file name and, without suffix, its module name."""
    module = types.ModuleType(name.rpartition(".")[0])
    module.__file__ = name
    sys.modules[module.__name__] = module
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    exec(compile(source, name, "exec"), module.__dict__)
    return module


_module = None
_streams = (sys.stdout, sys.stderr)
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
            and (_builtins_untouched is None or _builtins_untouched())
        )
    except BaseException:
        return True


def call(name, source, packages, line, folder):
    """Answers what download() did, in plain values for Java: [kind, text, links, spoiled]."""
    global _module, _builtins_untouched
    answer = None
    try:
        os.chdir(folder)
        if _module is None:
            if packages and packages not in sys.path:
                sys.path.append(packages)  # behind the client's own, which so always win
            _module = load(name, source)
            _builtins_untouched = _watch_builtins()
        download = getattr(_module, "download", None)
        if not callable(download):
            answer = ["RAISED", "the script has no function download(line, output_local_dir)", [], False]
        else:
            answer = _answer(download(line, folder))
    except BaseException as error:
        if type(error).__name__ == "ForeignException":
            raise  # os._exit() and the like: Java sees what it is
        answer = ["RAISED", _describe(error, name)[:5000], _links(error), False]
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:
                if answer is not None:
                    answer[3] = True
    if _is_spoiled():
        answer[3] = True
    return answer


def _answer(returned):
    if returned is None:
        return ["NONE", "", [], False]
    try:
        return ["PATH", os.fsdecode(returned)[:5000], [], False]
    except TypeError:
        try:
            text = f"{returned!r:.200}"
        except BaseException:
            text = "something"
        return ["ODD", f"{text} of type {type(returned).__name__}", [], False]


def _describe(error, name):
    kind = type(error).__name__
    try:
        text = str(error)
    except BaseException:
        text = "(its text can't be read)"
    at = error.lineno if isinstance(error, SyntaxError) and error.filename == name else None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == name:
            at = trace.tb_lineno
        trace = trace.tb_next
    where = f" (line {at} of the script)" if at else ""
    return (f"{kind}: {text}" if text else kind) + where


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
