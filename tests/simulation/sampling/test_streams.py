"""Random numbers by address: the same anywhere, without pattern over keys and counters, and moved by nothing else."""

import itertools
import subprocess
import sys

import numpy as np
import pytest

from simulation.sampling import purposes
from simulation.sampling.streams import LANES, Streams, hashed, stratified_uniforms

# philox4x64 10 of tests/kat_vectors in Random123 1.14 (D. E. Shaw Research): counter, key, numbers; pi in the last.
PUBLISHED = (
    ("0" * 64, "0" * 32, "16554d9eca36314c db20fe9d672d0fdc d7e772cee186176b 7e68b68aec7ba23b"),
    ("f" * 64, "f" * 32, "87b092c3013fe90b 438c3c67be8d0224 9cc7d7c69cd777b6 a09caebf594f0ba0"),
    (
        "243f6a8885a308d313198a2e03707344a4093822299f31d0082efa98ec4e6c89",
        "452821e638d01377be5466cf34e90c6c",
        "a528f45403e61d95 38c72dbd566e9788 a5a1610e72fd18b5 57bd43b5e52b7fe6",
    ),
)


def words(text: str) -> list[int]:
    return [int(text[i : i + 16], 16) for i in range(0, len(text), 16)]


@pytest.mark.parametrize(("counter", "key", "numbers"), PUBLISHED)
def test_the_published_numbers(monkeypatch, counter, key, numbers) -> None:
    monkeypatch.setattr(Streams, "key", lambda self, purpose: tuple(words(key)))
    c0, c1, c2, c3 = words(counter)
    [found] = Streams(0).uniforms("", np.array([c0], np.uint64), draw=c1, place=c2 + (c3 << 64))
    # a uniform is the first 53 bits
    assert [int(u * 2**53) for u in found] == [int(word, 16) >> 11 for word in numbers.split()]


def test_a_number_depends_only_on_its_address():
    alone = Streams(seed=7).generator("talk/billing").random(5)
    streams = Streams(seed=7)
    streams.generator("arrivals").random(1_000)
    streams.generator("talk").random(1)
    assert streams.generator("talk/billing").random(5).tolist() == alone.tolist()
    numbers = np.array([3, 4, 5, 2**40, 2**40 + 1, 9])
    together = streams.uniforms("visit", numbers, draw=3, place=8)
    for i, number in enumerate(numbers):
        assert streams.uniforms("visit", np.array([number]), draw=3, place=8).tolist() == [together[i].tolist()]


def test_a_sequence_is_the_numbers_of_one_caller_after_the_other():
    streams = Streams(5)
    assert np.array_equal(
        streams.generator("visit").random(40).reshape(-1, LANES), streams.uniforms("visit", np.arange(10))
    )


def test_addresses_are_told_apart():
    def first(seed, replication, name):
        return Streams(seed, replication).generator(name).integers(2**63)

    numbers = {
        first(seed, replication, name)
        for seed in (0, 1, 2**70)
        for replication in range(20)
        for name in ("a", "b", "ab", "", "é", "b/a")
    }
    assert len(numbers) == 3 * 20 * 6
    # 1 and 11, 11 and 1 are not the same seed and replication
    assert Streams(1, 11).key("a")[0] != Streams(11, 1).key("a")[0]


def test_each_purpose_has_a_key_of_its_own():
    names = [getattr(purposes, name) for name in purposes.__all__ if isinstance(getattr(purposes, name), str)]
    assert len({hashed(name) for name in names}) == len(names) == 10


def test_each_way_has_a_place_of_its_own():
    # of at most 5 exits in a row, at any of 10 attempts
    ways = {0}
    for length in range(1, 6):
        for exits in itertools.product(purposes.EXITS, repeat=length):
            way = 0
            for by in exits:
                way = purposes.way_after(way, by)
            ways.add(way)
    assert len(ways) == sum(4**length for length in range(6))
    assert len({purposes.place(attempt, way) for attempt in range(1, 11) for way in ways}) == 10 * len(ways)


# Neighbouring addresses, in every direction: callers, lanes, draws, places, purposes, replications and seeds.
def neighbours() -> dict[str, np.ndarray]:
    callers = np.arange(20_000)
    by_seed = [Streams(seed).uniforms("visit", callers)[:, 0] for seed in range(8)]
    by_replication = [Streams(1, r).uniforms("visit", callers)[:, 0] for r in range(8)]
    by_purpose = [Streams(1).uniforms(name, callers)[:, 0] for name in ("visit", "visits", "menu", "floor", "a", "b")]
    return {
        "lanes": Streams(1).uniforms("visit", callers).T,
        "draws": np.array([Streams(1).uniforms("menu", callers, draw=draw)[:, 0] for draw in range(8)]),
        "places": np.array([Streams(1).uniforms("visit", callers, place=at)[:, 0] for at in range(8)]),
        "attempts": np.array([Streams(1).uniforms("visit", callers, place=at << 32)[:, 0] for at in range(8)]),
        "purposes": np.array(by_purpose),
        "replications": np.array(by_replication),
        "seeds": np.array(by_seed),
    }


def test_neighbours_are_not_correlated():
    # Correlation of 20,000 pairs: standard error 1 / sqrt(20,000) = 0.0071. There are some 170 pairs; the largest of so
    # many normal scores is beyond 4.5 in one of a thousand sets.
    for what, rows in neighbours().items():
        correlation = np.corrcoef(rows) - np.eye(len(rows))
        assert np.abs(correlation).max() < 4.5 / np.sqrt(20_000), what


def test_callers_are_not_correlated_with_those_after_them():
    # Each lane with itself 1 to 16 callers later, and the squares, which would show a changing spread.
    u = Streams(3).uniforms("visit", np.arange(200_000))
    for values in (u, (u - 0.5) ** 2):
        for lag in range(1, 17):
            for lane in range(LANES):
                found = np.corrcoef(values[:-lag, lane], values[lag:, lane])[0, 1]
                assert abs(found) < 4.5 / np.sqrt(len(u)), (lag, lane)


def test_numbers_are_spread_evenly():
    # Chi square over 1,000 cells: mean 999, variance 2 * 999; within 5 sqrt(1,998) of 999, and so not too even either.
    for what, rows in neighbours().items():
        for row in rows:
            counts = np.bincount((row * 1_000).astype(int), minlength=1_000)
            assert 776 < np.sum((counts - 20) ** 2 / 20) < 1_222, what


def test_pairs_of_lanes_fill_the_square():
    # 400,000 pairs (lane j, lane j + 1) in 64 x 64 cells: chi square with mean 4,095, deviation 90.
    u = Streams(9).uniforms("menu", np.arange(400_000))
    for lane in range(LANES):
        cell = (u[:, lane] * 64).astype(int) * 64 + (u[:, (lane + 1) % LANES] * 64).astype(int)
        counts = np.bincount(cell, minlength=4_096)
        mean = len(u) / 4_096
        assert abs(np.sum((counts - mean) ** 2 / mean) - 4_095) < 5 * np.sqrt(2 * 4_095)


def test_each_bit_is_even_over_keys():
    # One number for each of 10,000 replications: each of the 53 bits is set in half, standard deviation 50.
    first = np.array([Streams(1, r).uniforms("visit", np.zeros(1, int))[0, 0] for r in range(10_000)])
    bits = (first * 2**53).astype(np.uint64)
    for bit in range(53):
        assert abs(int(np.sum(bits >> np.uint64(bit) & np.uint64(1))) - 5_000) < 4.5 * 50, bit


def test_moments():
    # Mean 1/2 and variance 1/12; E u^4 = 1/5 with variance 1/9 - 1/25.
    u = Streams(2).uniforms("caller", np.arange(250_000)).ravel()
    assert abs(u.mean() - 0.5) < 4 * np.sqrt(1 / 12 / len(u))
    assert abs(np.mean(u**4) - 0.2) < 4 * np.sqrt((1 / 9 - 1 / 25) / len(u))
    assert u.min() >= 0
    assert u.max() < 1


def test_same_numbers_in_another_process():
    # Python's own hash() of a string would differ here.
    code = (
        "from simulation.sampling.streams import Streams; print(Streams(5, 2).generator('menu').integers(2**63,"
        " size=3).tolist())"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == str(Streams(5, 2).generator("menu").integers(2**63, size=3).tolist())


def test_stratified_uniforms_hit_every_stratum_once_in_random_order():
    u = stratified_uniforms(1_000, Streams(seed=1).generator("busyness"))
    assert sorted(np.floor(u * 1_000).astype(int).tolist()) == list(range(1_000))
    assert np.abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 4 / np.sqrt(1_000)
