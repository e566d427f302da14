"""Everything that a script can do to its client, a function each.

A line names the function. Its name begins with what is to come of it: "timeout", "script", "output" and "none" are
classes of failures, "file" is a success. Those that come to another limit than that of time print when they did.
"""

import builtins
import os
import socket
import sys
import threading
import time

kept = []


def download(line, output_local_dir):
    if line.startswith("timeout"):
        print("begun", flush=True)
    return globals()[line](output_local_dir)


def forever(*anything):
    while True:
        pass


def at_the_limit():
    print("%.3f" % time.time(), flush=True)


# -- what has no end ------------------------------------------------------------------------------


def timeout_loop(d):
    while True:
        pass


def timeout_loop_that_catches_all(d):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


def timeout_sleep_that_catches_all(d):
    while True:
        try:
            time.sleep(1000)
        except BaseException:
            pass


def timeout_finally(d):
    try:
        while True:
            pass
    finally:
        timeout_finally(d)


def timeout_recv(d):
    socket.socketpair()[0].recv(1)


def timeout_recv_of_datagrams(d):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        s.recv(1)


def timeout_accept(d):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        s.listen()
        s.accept()


def timeout_lock(d):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def timeout_condition(d):
    condition = threading.Condition()
    with condition:
        condition.wait()


def timeout_queue(d):
    import queue

    queue.SimpleQueue().get()


def timeout_pipe(d):
    os.read(os.pipe()[0], 1)


def timeout_full_pipe(d):
    end = os.pipe()[1]
    while True:
        os.write(end, b"x" * 100000)


def timeout_select(d):
    import select

    select.select([os.pipe()[0]], [], [])


def timeout_join(d):
    thread = threading.Thread(target=threading.Event().wait)
    thread.start()
    thread.join()


def timeout_pool(d):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(time.sleep, [1000] * 9))


def timeout_threads_that_catch_all(d):
    for _ in range(10):
        threading.Thread(target=timeout_loop_that_catches_all, args=(d,)).start()
    timeout_loop_that_catches_all(d)


def timeout_asyncio(d):
    import asyncio

    asyncio.run(asyncio.sleep(1000))


def timeout_slow_regex(d):
    import re

    re.match(r"(.*)*\1\1\1\1b", "a" * 5000)


def timeout_print(d):
    while True:
        print("begun" * 1000)


def timeout_trace_function(d):
    sys.settrace(forever)
    (lambda: 1)()


def timeout_text_of_an_exception(d):
    class Endless(Exception):
        __str__ = forever

    raise Endless()


def timeout_text_of_a_path(d):
    class Endless(os.PathLike):
        __fspath__ = forever

    return Endless()


# -- what has another limit -----------------------------------------------------------------------


def timeout_of_cpu(d):
    used = {}
    told = []
    start = time.thread_time()  # this thread has started the interpreter before

    def burn():
        while True:
            for _ in range(10000):
                pass
            used[threading.get_ident()] = time.thread_time()
            if not told and sum(used.values()) - start >= 3.8:  # the rest has gone into the module
                told.append(1)
                at_the_limit()

    for _ in range(2):
        threading.Thread(target=burn).start()
    burn()


def output_large_files(d):
    import tempfile

    refused = False
    while True:
        if not refused:
            at_the_limit()
        try:
            with open("large", "ab") as file:
                file.write(b"x" * 65536)
            with tempfile.NamedTemporaryFile(delete=False) as file:
                file.write(b"x" * 65536)
        except OSError:
            refused = True


def output_many_files(d):
    refused = False
    for i in range(10**9):
        if not refused:
            at_the_limit()
        try:
            os.makedirs(f"{i}/folder")
            open(f"{i}/file", "w").close()
        except OSError:
            refused = True


def script_open_files(d):
    while True:
        if len(kept) == 100:
            at_the_limit()
        kept.append(open("file", "w"))


def script_listed_folders(d):
    while True:
        if len(kept) == 100:
            at_the_limit()
        kept.append(os.scandir(d))


def script_open_pipes(d):
    while True:
        if len(kept) == 100:
            at_the_limit()
        kept.extend(os.pipe())


def script_open_sockets(d):
    while True:
        if len(kept) == 100:
            at_the_limit()
        kept.append(socket.socket())


def script_thousands_of_threads(d):
    while True:
        if threading.active_count() <= 17:
            at_the_limit()
        try:
            threading.Thread(target=time.sleep, args=(1000,)).start()
        except BaseException:
            pass


def none_long_output(d):
    for _ in range(100):
        print("x" * 10**5)


# -- what ends, and would end more than itself ------------------------------------------------------


def script_exit(d):
    sys.exit(3)


def script_exit_at_once(d):
    os._exit(3)


def script_exit_in_a_thread(d):
    threading.Thread(target=os._exit, args=(3,)).start()
    time.sleep(1000)


def script_fork(d):
    os.fork()


def script_kill(d):
    os.kill(os.getpid(), 9)


def script_ignored_signal(d):
    import signal

    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def script_recursion(d):
    sys.setrecursionlimit(10**9)
    script_recursion(d)


def script_nested_source(d):
    eval("-" * 10**5 + "1")


def script_list_of_10_000_000_000(d):
    return [0] * 10**10


def script_unreadable_exception(d):
    class Unreadable(Exception):
        def __str__(self):
            raise self

        __repr__ = __str__

    raise Unreadable()


def script_exception_of_an_odd_class(d):
    class Odd(type):
        def __getattribute__(cls, name):
            raise ValueError(name)

    class Strange(Exception, metaclass=Odd):
        pass

    raise Strange("\ud800\x00\x1b[2J\u202e<b>")


def script_file_outside(d):
    open("/etc/passwd")


def script_link(d):
    os.symlink("/etc/passwd", "link")


def script_java(d):
    import java

    java.type("java.lang.System")


def script_process(d):
    import subprocess

    subprocess.run(["true"])


# -- what the next line could meet ----------------------------------------------------------------


def none_closed_output(d):
    sys.stdout.close()


def none_closed_descriptor(d):
    os.close(1)


def none_patched_builtins(d):
    builtins.len = lambda of: 0
    builtins.print = None


def none_output_without_sense(d):
    sys.stdout.buffer.write(os.urandom(100000))


def none_escapes_and_markup(d):
    print("\x1b[2J\x1b]0;title\x07 <script>alert(1)</script> \u202e \ud800")


def none_thread_that_stays(d):
    threading.Thread(target=timeout_sleep_that_catches_all, args=(d,)).start()


def none_alarms(d):
    import signal

    signal.alarm(1000)
    signal.setitimer(signal.ITIMER_REAL, 1000)


def none_loop_at_the_end(d):
    import atexit

    class Immortal:
        __del__ = forever

    atexit.register(forever)
    kept.append(Immortal())


def none_left_open(d):
    kept.append([open(f"{i}", "w") for i in range(20)])
    kept.append([os.scandir(d) for _ in range(20)])
    kept.append([os.open("0", os.O_RDONLY) for _ in range(20)])


def none_left_pipes_and_sockets(d):
    kept.append([os.pipe() for _ in range(5)])
    kept.append([socket.socketpair() for _ in range(5)])


def none_memory_that_stays(d):
    kept.append(bytearray(5 * 10**6))


def output_list(d):
    return ["file"]


def output_folder(d):
    return d


def output_file_outside(d):
    return "/etc/passwd"


def output_nothing(d):
    return "nothing"


def file_that_is_not_closed(d):
    open("file", "wb").write(b"x" * 1000)
    return "file"


def file_in_a_line_that_is_well_behaved(d):
    assert os.listdir(d) == [] and os.getcwd() == d
    with open("file", "w") as file:
        file.write("x" * len("a thousand"))
    return "file"
