"""Calls a download script in CPython, with threads:

    python rival.py SCRIPT FOLDER stock|tuned [ENDPOINT BUCKET PREFIX]

Takes the orders of the benchmark's own process (see ScriptLoad) by standard input. "tuned" keeps
fake_useragent's data and its filtered list, and looks for neither proxies nor .netrc; nothing else
differs. The sample imports pandas and never uses it: it gets an empty module of that name. Given an
endpoint, it puts each file into S3 there by boto3, which finds its keys in the environment.
"""

import importlib.util
import itertools
import os
import sys
import threading
import time
import types


def tune():
    import fake_useragent.fake as fake
    import requests

    data = fake.load()
    fake.load = lambda: data
    filtered = {}
    stock_filter = fake.FakeUserAgent._filter_useragents

    def filter_once(self, browsers_to_filter=None):
        key = repr(browsers_to_filter)
        if key not in filtered:
            filtered[key] = stock_filter(self, browsers_to_filter)
        return filtered[key]

    fake.FakeUserAgent._filter_useragents = filter_once
    stock_init = requests.Session.__init__

    def init(self):
        stock_init(self)
        self.trust_env = False

    requests.Session.__init__ = init


def load(path):
    spec = importlib.util.spec_from_file_location("script", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.download


def storing(endpoint, bucket, prefix):
    import boto3
    from botocore.config import Config

    s3 = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        config=Config(
            max_pool_connections=64,  # as many as there are threads at most
            request_checksum_calculation="when_required",  # the signature has a SHA-256 already
            s3={"addressing_style": "path"},
        ),
    )
    numbers = itertools.count()

    def store(path):
        number = next(numbers)
        with open(path, "rb") as file:
            body = file.read()  # bytes: for a file it would wait for a "100 Continue"
        s3.put_object(Bucket=bucket, Key=f"{prefix}/{number // 1000}/{number}.jpg", Body=body)

    return store


def run(download, store, folder, seconds, threads, base):
    done = itertools.count()
    cpu = time.process_time()
    start = time.perf_counter()
    end = start + seconds

    def work(me):
        out = os.path.join(folder, str(me))
        os.makedirs(out, exist_ok=True)
        number = 0
        while time.perf_counter() < end:
            number = (number + 1) % 1000
            file = download(f"{base}/{me}-{number}.jpg|==|/{number}/_/a.jpg", out)
            if file:
                store(file)
                next(done)
                os.remove(file)  # to write over a file makes ext4 write it to disk at once

    workers = [threading.Thread(target=work, args=(i,)) for i in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(
        f"{next(done)} {1000 * (time.process_time() - cpu):.3f} {time.perf_counter() - start:.3f}",
        flush=True,
    )


def give_up(error):
    """A thread that ends early would make the others' figures look like those of all."""
    threading.__excepthook__(error)
    sys.stderr.flush()
    os._exit(1)


def main():
    script, folder, kind, *place = sys.argv[1:]
    sys.modules.setdefault("pandas", types.ModuleType("pandas"))
    if kind == "tuned":
        tune()
    threading.excepthook = give_up
    download = load(script)
    store = storing(*place) if place else lambda file: None
    answers = sys.stdout
    sys.stdout = sys.stderr  # what the script prints
    print("ready", file=answers, flush=True)
    for order in sys.stdin:
        word, *rest = order.split()
        sys.stdout = answers
        run(download, store, folder, float(rest[0]), int(rest[1]), rest[2])


main()
