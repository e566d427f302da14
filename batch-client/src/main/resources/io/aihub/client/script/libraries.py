"""Makes libraries do in GraalPy, and many times a second, what scripts expect of them.

Evaluated once a context, before any script.
"""

import importlib.abc
import importlib.machinery
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
