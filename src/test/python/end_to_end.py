"""camunda_dask with a real engine and real Dask.

usage: end_to_end.py [TEST…]

The environment says where the engine is, as it does for users. SITE is the site to use, STRANGER a user without
authorisations whose password is the name, COLLEAGUES_CLUSTER the name of a cluster that COLLEAGUE has started and
that queues, and NO_CLUSTER that of a process instance that is no cluster's.
"""

import asyncio
import contextlib
import io
import os
import pathlib
import re
import sys
import time
import unittest
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "src/main/python"), str(ROOT / "src/test/python")]

import camunda_dask
import dask
from camunda_dask import DaskCluster, list_clusters
from camunda_dask.engine import Engine
from camunda_dask.settings import Settings
from distributed import Client
from distributed.core import Status
from fake_engine import silence

SITE = os.environ["SITE"]
STRANGER = os.environ["STRANGER"]
LIMIT = 170


def double(x):
    return 2 * x


def names():
    return [report.name for report in list_clusters()]


def status_of(cluster):
    """What the engine says of a cluster, also of one that is over."""
    return Engine(Settings.of()).read(cluster.state.instance).status


def until(condition):
    deadline = time.monotonic() + LIMIT
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("it did not come about")
        time.sleep(0.1)


async def until_it_waits(cluster, waiting):
    """Until it has been seen that a cluster's scheduler queues."""
    while not (cluster.state and (cluster.state.progress or "").startswith("scheduler job ")):
        if waiting.done():
            raise AssertionError("nothing is waited for") from waiting.exception()
        await asyncio.sleep(0.05)


class TestLife(unittest.TestCase):
    def test_a_cluster_computes_scales_adapts_and_leaves_nothing_behind(self):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            cluster = DaskCluster("python-life", site=SITE, n_workers=1, security=os.environ.get("SECURITY"))
        self.assertEqual(cluster.security.require_encryption, "SECURITY" in os.environ)
        self.assertNotIn("BEGIN", repr(cluster.security))
        self.assertIn("python-life: ", said.getvalue())
        with cluster, Client(cluster, timeout=LIMIT) as client:
            self.assertEqual(len(cluster.scheduler_info["workers"]), 1)
            self.assertEqual(client.submit(double, 21).result(timeout=LIMIT), 42)

            self.assertEqual(client.dashboard_link, cluster.dashboard_link)
            # There is nothing more to be seen where the site's Python has no bokeh.
            with urllib.request.urlopen(cluster.dashboard_link.replace("/status", "/health")) as page:
                self.assertEqual(page.read(), b"ok")
            shown = re.findall('href="(.*?)"', cluster._repr_html_())
            self.assertEqual(shown[:2], [cluster.dashboard_link] * 2)

            mine = next(report for report in list_clusters() if report.name == "python-life")
            self.assertEqual((mine.status, mine.size, mine.site), ("RUNNING", "1 worker", SITE))
            self.assertEqual(mine.owner, os.environ["CAMUNDA_DASK_USERNAME"])

            cluster.scale(2, wait_for_startup=True)
            self.assertEqual([job.state for job in cluster.worker_jobs.values()], ["CONNECTED"] * 2)
            client.wait_for_workers(2, timeout=LIMIT)
            cluster.scale(jobs=1, wait_for_startup=True)
            until(lambda: len(cluster.scheduler_info["workers"]) == 1)

            logs = cluster.get_logs()
            self.assertIn("python-life: ", logs["Cluster"])
            self.assertIn("Scheduler at:", logs["Scheduler"])
            (worker,) = set(logs) - {"Cluster", "Scheduler"}
            self.assertIn(worker, cluster.worker_jobs)
            self.assertIn("Registered to:", logs[worker])
            self.assertEqual(list(cluster.get_logs(cluster=False, scheduler=False, workers=[worker])), [worker])

            cluster.adapt(minimum=1, maximum=2)
            until(lambda: cluster.state.size == "1 to 2 workers")
            self.assertIn("Adaptive", cluster._scaling_status())

            for wrong in ({"n": -1}, {"n": 1, "queue": "a\nb"}):
                with self.subTest(wrong=wrong), self.assertRaises(camunda_dask.RequestRefusedError) as refused:
                    cluster.scale(**wrong)
                self.assertEqual(refused.exception.code, "DASK_INVALID_REQUEST")
            with self.assertRaisesRegex(camunda_dask.RequestRefusedError, "python-life is that of the cluster"):
                DaskCluster("python-life", site=SITE)
        self.assertEqual(cluster.status, Status.closed)
        self.assertEqual(status_of(cluster), "STOPPED")
        self.assertNotIn("python-life", names())
        with self.assertRaisesRegex(camunda_dask.ClusterEndedError, "torn it down"):
            cluster.scale(1)
        with self.assertRaisesRegex(camunda_dask.ClusterEndedError, "torn it down"):
            DaskCluster.connect("python-life")


class TestAsynchronous(unittest.TestCase):
    def test_a_cluster_that_was_left_running_is_connected_to_from_elsewhere(self):
        async def leave():
            async with DaskCluster(
                site=SITE, n_workers=1, security="tls", shutdown=False, asynchronous=True, quiet=True
            ) as cluster:
                self.assertTrue(cluster.scheduler_address.startswith("tls://"))
                async with Client(cluster, asynchronous=True, timeout=LIMIT) as client:
                    self.assertEqual(await client.submit(double, 21), 42)
                await cluster.scale(0, wait_for_startup=True)
                self.assertEqual(cluster.worker_jobs, {})
                self.assertIn(cluster.name, [report.name for report in await list_clusters(asynchronous=True)])
                # Closing may come while the answer to this is looked at.
                await cluster.scale(0)
            self.assertEqual(cluster.status, Status.closed)
            return cluster.name

        name = asyncio.run(leave())
        self.assertIn(name, names())

        with self.assertRaisesRegex(camunda_dask.ClusterNotFoundError, "may see"):
            DaskCluster.connect(name, username=STRANGER, password=STRANGER)

        with DaskCluster.connect(name) as cluster:
            self.assertEqual(cluster.state.status, "RUNNING")
        self.assertIn(name, names())

        async def end():
            cluster = await DaskCluster.connect(name, asynchronous=True)
            await cluster.shutdown()
            return cluster

        self.assertEqual(status_of(asyncio.run(end())), "STOPPED")
        self.assertNotIn(name, names())

    def test_waiting_that_is_given_up_leaves_no_cluster_behind(self):
        async def give_up():
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                cluster = DaskCluster("python-queue", site=SITE, queue="full", asynchronous=True)
                waiting = asyncio.ensure_future(cluster._start())
                await until_it_waits(cluster, waiting)
                self.assertIn("scheduler job ", cluster._repr_html_())
                waiting.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await waiting
            self.assertIn("python-queue: scheduler job ", said.getvalue())
            return cluster

        cluster = asyncio.run(give_up())
        self.assertEqual(cluster.status, Status.closed)
        self.assertEqual(status_of(cluster), "STOPPED")


class TestErrors(unittest.TestCase):
    """Each is an exception that says what to do, and nothing is started."""

    def setUp(self):
        self.before = names()

    def tearDown(self):
        self.assertEqual(names(), self.before)

    def test_a_cluster_that_cannot_come_up_says_why(self):
        with self.assertRaisesRegex(camunda_dask.ClusterFailedError, "nothing.sh") as failed:
            DaskCluster(
                "python-fails",
                site=SITE,
                scheduler_job={"Executable": "sh nothing.sh"},
                tunnel="direct",
                quiet=True,
            )
        self.assertEqual(failed.exception.code, "DASK_SCHEDULER_FAILED")

    def test_a_request_that_is_not_allowed_is_refused_with_all_that_is_wrong(self):
        with self.assertRaisesRegex(camunda_dask.RequestRefusedError, "threads = 0.*") as refused:
            DaskCluster(site=SITE, n_workers=-1, threads=0)
        self.assertIn("workers = -1", str(refused.exception))

    def test_an_engine_that_is_away(self):
        with silence() as address:
            for call in (
                lambda: DaskCluster(address=address),
                lambda: DaskCluster.connect("x", address=address),
                lambda: list_clusters(address=address),
            ):
                with self.assertRaisesRegex(camunda_dask.EngineUnreachableError, "See that it runs"):
                    call()

    def test_a_wrong_password(self):
        for call in (DaskCluster, list_clusters):
            with self.assertRaisesRegex(camunda_dask.LoginRefusedError, f"user {STRANGER}.*Correct") as refused:
                call(username=STRANGER, password="geheim")
            self.assertNotIn("geheim", str(refused.exception))

    def test_a_user_who_may_not(self):
        with self.assertRaisesRegex(camunda_dask.NotAllowedError, "CREATE_INSTANCE"):
            DaskCluster(username=STRANGER, password=STRANGER)

    def test_an_instance_that_is_no_clusters(self):
        with self.assertRaisesRegex(camunda_dask.NotAClusterError, "and no cluster's"):
            DaskCluster.connect(os.environ["NO_CLUSTER"])

    def test_a_cluster_of_somebody_else(self):
        name, colleague = os.environ["COLLEAGUES_CLUSTER"], os.environ["COLLEAGUE"]
        with self.assertRaisesRegex(camunda_dask.NotYourClusterError, f"connect with owner='{colleague}'"):
            DaskCluster.connect(name)

        async def mean_it():
            cluster = DaskCluster.connect(name, owner=colleague, asynchronous=True, quiet=True)
            waiting = asyncio.ensure_future(cluster._start())
            await until_it_waits(cluster, waiting)
            waiting.cancel()
            await asyncio.wait([waiting])

        asyncio.run(mean_it())

    def test_a_cluster_that_is_not_there(self):
        with self.assertRaisesRegex(camunda_dask.ClusterNotFoundError, "list_clusters"):
            DaskCluster.connect("python-nothing")


class TestUnicoreCluster(unittest.TestCase):
    """The examples of PyUNICORE's documentation, with another import and another submitter."""

    def example(self, *titles):
        text = (ROOT / "src/test/python/unicorecluster-examples.txt").read_text(encoding="utf-8")
        examples = dict(part.split("\n", 1) for part in text.split("--- ")[1:])
        # Other tests may have the usual port.
        dask.config.set({"camunda-dask.unicore-cluster.local-port": 0})
        names = {"submitter": camunda_dask.Submitter(SITE)}
        for title in titles:
            exec(examples[title].replace("import pyunicore.dask as uc_dask", "import camunda_dask as uc_dask"), names)
            if "dask_client" in names:
                self.addCleanup(names["dask_client"].close)
        self.addCleanup(names["uc_cluster"].close)
        return names["uc_cluster"], names.get("dask_client")

    def test_usage_and_scaling(self):
        cluster, client = self.example("usage")
        self.assertEqual(client.submit(double, 21).result(timeout=LIMIT), 42)
        self.assertEqual(cluster.state.variables["queue"], "batch")
        self.assertEqual(cluster.state.variables["project"], "my-project")
        self.assertEqual(len(client.nthreads()), 2)
        description, _ = cluster.get_worker_job_description()
        self.assertIn("--nworkers", description["Arguments"])
        names = {"uc_cluster": cluster}
        examples = (ROOT / "src/test/python/unicorecluster-examples.txt").read_text(encoding="utf-8")
        exec(examples.split("--- scaling\n")[1].split("--- ")[0], names)
        until(lambda: cluster.state.size == "2 jobs")
        self.assertEqual(cluster.state.variables["processes"], 4)
        self.assertEqual(cluster.state.variables["threads"], 128)

    def test_customizing(self):
        cluster, _ = self.example("customizing")
        described = cluster.state.variables["schedulerJob"]
        self.assertIn("conda run -n dask dask-scheduler", described)
        self.assertTrue(cluster.scheduler_job.startswith("https://"))

    def test_allocation(self):
        cluster, _ = self.example("allocation")
        self.assertTrue(cluster.state.variables["allocationUrl"].startswith("https://"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
