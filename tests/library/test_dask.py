"""Dask calls the batched functions chunk by chunk, in other processes too."""

import warnings
from concurrent.futures import ThreadPoolExecutor

import dask
import dask.array as da
import numpy as np
import pytest
from dask.distributed import Client, LocalCluster

from gausslib import Gaussian, kl_divergence, w2_distance
from reference.pairs import random_cov


@pytest.fixture(scope="module")
def on_cluster():
    """Calls a function with a client of two processes; every port is a free one.

    It does so in a thread of its own, where no event loop of other tests is running.
    """
    with ThreadPoolExecutor(1) as thread:

        def call(function, *arguments, **named):
            return thread.submit(function, *arguments, **named).result()

        cluster = call(
            LocalCluster,
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
        )
        client = call(Client, cluster)
        call(client.run, warnings.simplefilter, "error")
        yield lambda function: call(function, client)
        call(client.close)
        call(cluster.close)


def random_batch(rng, size, chunk):
    """Means and covariances that are drawn where they are needed."""
    mean = rng.normal(size=(size, 2), chunks=(chunk, 2))
    root = rng.normal(size=(size, 2, 2), chunks=(chunk, 2, 2))
    return mean, da.einsum("nij,nkj->nik", root, root) + 0.1 * np.eye(2)


def test_a_million_pairs_on_a_cluster(on_cluster):
    def kl(mean_p, cov_p, mean_q, cov_q):  # local, so that it is sent, not imported
        return kl_divergence(Gaussian(mean_p, cov_p), Gaussian(mean_q, cov_q))

    rng = da.random.default_rng(2021)
    arrays = [array for _ in "pq" for array in random_batch(rng, 1_000_000, 100_000)]
    lazy = da.apply_gufunc(kl, "(d),(d,d),(d),(d,d)->()", *arrays, output_dtypes=float)
    assert lazy.numblocks == (10,)
    res = on_cluster(lambda client: client.compute(lazy).result())
    ref = kl(*dask.compute(*arrays, scheduler="threads"))  # drawn again, from the same seed
    np.testing.assert_allclose(res, ref, rtol=1e-12)


def test_gaussians_travel(on_cluster):
    """As arguments; and an error travels back."""
    rng = np.random.default_rng(7)
    ps, qs = (
        [Gaussian(rng.standard_normal((50, 2)), random_cov(rng, 2, (50,))) for _ in range(4)]
        for _ in "pq"
    )
    res = on_cluster(lambda client: client.gather(client.map(w2_distance, ps, qs)))
    np.testing.assert_allclose(res, [w2_distance(p, q) for p, q in zip(ps, qs, strict=True)])
    with pytest.raises(ValueError, match="positive semi-definite"):
        on_cluster(lambda client: client.submit(Gaussian, [0, 0], [[1, 2], [2, 1]]).result())
