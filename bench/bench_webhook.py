"""A complete webhook (signature, cursor, step, TwiML, records) compared with a bare Flask route, same worker, same
run.

    python -m bench.bench_webhook [--rounds 9] [--calls 120]
    python -m bench.bench_webhook --memory 1000000

One gunicorn worker with production settings. The bare route is part of the same application and returns a constant.
Each round requests one and then the other, first over several connections at once (throughput, and the worker's
processor time including what it writes behind the calls), then over one (how long a caller's request takes). Rounds
alternate which goes first.
"""

from __future__ import annotations

import argparse
import tempfile
from statistics import median
from time import sleep

from bench.webhook_callers import converse, scripted, wandering
from bench.webhook_server import Worker, worker

AT_ONCE = 4
WRITTEN_S = 0.3
"""Time after which the records of the last requests have been written."""
FLAT_BYTES_A_REQUEST = 2.0
"""Memory that grows by less than this over the last half of a run counts as flat: two megabytes in a million
requests."""


def round_of(server: Worker, calls: int, first: int, *, bare: bool) -> dict[str, float]:
    """What a number of calls cost on one of the two routes."""
    began_s = server.cpu_s()
    many = converse(server.port, (scripted(n, bare=bare) for n in range(first, first + calls)), at_once=AT_ONCE)
    sleep(WRITTEN_S)
    cpu_s = server.cpu_s() - began_s
    one = converse(
        server.port, (scripted(n, bare=bare) for n in range(first + calls, first + calls + calls // 2)), at_once=1
    )
    sleep(WRITTEN_S)
    seconds, busy = sorted(one.seconds), sorted(many.seconds)
    return {
        "requests/s": len(many.seconds) / many.whole_s,
        "CPU us": cpu_s / len(many.seconds) * 1e6,
        "p50 us": median(seconds) * 1e6,
        "p99 us": seconds[int(0.99 * len(seconds))] * 1e6,
        "busy p50 us": median(busy) * 1e6,
        "busy p99 us": busy[int(0.99 * len(busy))] * 1e6,
    }


def compare(rounds: int, calls: int) -> None:
    """Measure both routes in turn, and their ratios."""
    with tempfile.TemporaryDirectory() as folder, worker(folder) as server:
        for bare in (True, False):
            converse(server.port, (scripted(n, bare=bare) for n in range(40)), at_once=AT_ONCE)
        found: dict[bool, list[dict[str, float]]] = {True: [], False: []}
        for turn in range(rounds):
            for bare in (turn % 2 == 0, turn % 2 == 1):
                found[bare].append(round_of(server, calls, 1_000_000 * (turn + 1), bare=bare))
    print(f"{'':14}{'bare route':>12}{'webhook':>12}   webhook / bare, a round")
    for what in found[True][0]:
        bare_s, full_s = ([one[what] for one in found[bare]] for bare in (True, False))
        ratios = sorted(full / bare for full, bare in zip(full_s, bare_s, strict=True))
        print(
            f"{what:14}{median(bare_s):12,.0f}{median(full_s):12,.0f}   {median(ratios):.2f} ({ratios[0]:.2f} to"
            f" {ratios[-1]:.2f})"
        )


def remember(requests: int, flow: str) -> None:
    """Memory of a worker over many requests, always from new calls."""
    every = requests // 20
    held: list[int] = []

    with tempfile.TemporaryDirectory() as folder, worker(folder, flow) as server:
        print(f"{'requests':>12}{'resident MB':>14}{'CPU us/request':>16}", flush=True)

        def note(done: int) -> None:
            if done % every == 0 and done <= requests:
                held.append(server.resident_bytes())
                print(f"{done:12,}{held[-1] / 1e6:14.1f}{server.cpu_s() / done * 1e6:16.0f}", flush=True)
            if done >= requests:
                nonlocal ended
                ended = True

        ended = False
        numbers = iter(range(requests))
        heard = converse(
            server.port,
            (wandering(n) for n in iter(lambda: None if ended else next(numbers), None)),
            at_once=AT_ONCE,
            after_each=note,
        )
    grown = (held[-1] - held[len(held) // 2 - 1]) / (requests / 2)
    print(f"{len(heard.seconds):,} requests in {heard.whole_s:.0f} s, {len(heard.seconds) / heard.whole_s:,.0f}/s")
    print(
        f"last half: {grown:+.2f} bytes a request ({'flat' if grown <= FLAT_BYTES_A_REQUEST else 'NOT flat'}: at most"
        f" {FLAT_BYTES_A_REQUEST})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--calls", type=int, default=120, help="calls a round")
    parser.add_argument(
        "--memory", type=int, metavar="REQUESTS", help="the worker's memory over so many requests instead"
    )
    parser.add_argument("--flow", default="northwind", help="of the memory run")
    args = parser.parse_args()
    if args.memory:
        remember(args.memory, args.flow)
    else:
        compare(args.rounds, args.calls)


if __name__ == "__main__":
    main()
