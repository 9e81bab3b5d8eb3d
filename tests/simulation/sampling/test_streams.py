"""Streams keyed by name: reproducible anywhere, and adding one does not change another."""

import subprocess
import sys
from hashlib import blake2b

import numpy as np

from simulation.sampling.streams import Streams, stratified_uniforms


def test_a_stream_depends_only_on_seed_replication_and_name():
    alone = Streams(seed=7).generator("talk/billing").random(5)
    streams = Streams(seed=7)
    streams.generator("arrivals").random(1_000)
    streams.generator("talk").random(1)
    assert streams.generator("talk/billing").random(5).tolist() == alone.tolist()


def test_streams_are_told_apart():
    def first(seed, replication, name):
        return Streams(seed, replication).generator(name).integers(2**63)

    numbers = {
        first(seed, replication, name)
        for seed in (0, 1, 2**70)
        for replication in range(20)
        for name in ("a", "b", "ab", "", "é", "b/a")
    }
    assert len(numbers) == 3 * 20 * 6


def test_streams_do_not_follow_each_other():
    # Correlation of 20,000 pairs: standard error 1 / sqrt(20000) = 0.0071; 4 of them.
    streams = Streams(seed=3)
    rows = [streams.of_replication(r).generator(name).random(20_000) for r in (0, 1) for name in ("talk", "patience")]
    correlation = np.corrcoef(rows) - np.eye(4)
    assert np.abs(correlation).max() < 0.029


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


def test_a_stream_is_the_one_numpy_spawns_for_its_key() -> None:
    digest = np.frombuffer(blake2b(b"talk", digest_size=16).digest(), "<u4").tolist()
    for seed in (0, 1, 2**32, 2**130 + 3):
        for replication in (0, 3, 2**33):
            spawned = np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(replication, *digest)))
            assert Streams(seed, replication).generator("talk").bit_generator.state == spawned.state
