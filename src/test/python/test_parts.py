"""What of camunda_dask needs no engine."""

import copy
import datetime
import pathlib
import pickle
import re
import sys
import tempfile
import unittest
import warnings
from unittest import mock

import dask

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "src/main/python"), str(ROOT / "src/test/python")]

import camunda_dask
from camunda_dask import errors, logs, progress, variables
from camunda_dask.cluster import DaskCluster
from camunda_dask.engine import Engine
from camunda_dask.rest import Rest
from camunda_dask.settings import Settings
from camunda_dask.state import ClusterState
from fake_engine import FakeEngine, always, silence

SECRET = "geheim-7"


def table(name):
    """The cells of a table of the documentation that the engine's own tests keep true."""
    page = {"message": "messages", "in": "variables"}[name]
    text = (ROOT / f"src/docs/reference/{page}.md").read_text(encoding="utf-8")
    text = text.split(f"<!-- variables: {name} -->")[1].split("<!-- end -->")[0]
    return [line.split("|")[1:-1] for line in text.strip().splitlines()[2:]]


def names(cell):
    return re.findall("`(\\w+)`", cell)


def state(**values):
    """A cluster's state with these variables."""
    instance = {"id": "1", "businessKey": "mine", "endTime": values.pop("endTime", None)}
    rows = [{"name": key, "value": value, "id": f"id-{key}"} for key, value in values.items()]
    return ClusterState.of(instance, rows)


class TestVariables(unittest.TestCase):
    def test_each_variable_of_the_engine_has_a_parameter(self):
        there = [name for row in table("in") for name in names(row[0])]
        self.assertEqual([name for name, _ in variables.PARAMETERS.values()], there)

    def test_each_parameter_is_named_as_its_variable(self):
        for parameter, (variable, _) in variables.PARAMETERS.items():
            words = re.sub("([A-Z])", lambda letter: "_" + letter.group().lower(), variable)
            self.assertIn(parameter, (words, "n_" + words))

    def test_the_cluster_takes_each_but_the_dry_run(self):
        taken = set(DaskCluster.__init__.__annotations__)
        self.assertEqual(set(variables.PARAMETERS) - taken, {"dry_run"})

    def test_what_a_message_may_change_is_what_the_engine_says(self):
        there = {name for row in table("message") for name in names(row[0])}
        size = {"workers", "jobs", "adapt"}
        self.assertEqual({variables.PARAMETERS[name][0] for name in variables.CHANGEABLE}, there - size)

    def test_values_have_the_engines_types(self):
        self.assertEqual(
            variables.of_parameters(
                {"n_workers": 2, "queue": "batch", "debug": True, "worker_job": {"Resources": {"Nodes": "2"}}}
            ),
            {
                "workers": {"value": 2, "type": "Integer"},
                "queue": {"value": "batch", "type": "String"},
                "debug": {"value": True, "type": "Boolean"},
                "workerJob": {"value": '{"Resources": {"Nodes": "2"}}', "type": "Json"},
            },
        )

    def test_what_is_not_given_is_left_to_the_engine(self):
        self.assertEqual(variables.of_parameters({"threads": None, "lifetime": None}), {})

    def test_time_spans_are_written_as_the_engine_reads_them(self):
        for given, written in [
            ("1h", "PT3600S"),
            ("PT1H", "PT1H"),
            (120, "PT120S"),
            (0.5, "PT0.5S"),
            ("300ms", "PT0.3S"),
            (datetime.timedelta(days=1), "PT86400S"),
        ]:
            with self.subTest(given=given):
                self.assertEqual(variables.of_parameters({"lifetime": given})["lifetime"]["value"], written)

    def test_a_value_of_another_type_is_refused_with_what_is_allowed(self):
        for parameter, value, allowed in [
            ("n_workers", "2", "a whole number"),
            ("n_workers", True, "a whole number"),
            ("n_workers", 1.5, "a whole number"),
            ("debug", 1, "True or False"),
            ("queue", 7, "a text"),
            ("worker_job", ["x"], "a mapping or a text"),
            ("worker_job", {"x": {1, 2}}, "JSON"),
            ("lifetime", "soon", "a time span"),
            ("lifetime", True, "a time span"),
        ]:
            with self.subTest(parameter=parameter, value=value):
                with self.assertRaisesRegex(TypeError, f"^{parameter} = .*{allowed}"):
                    variables.of_parameters({parameter: value})

    def test_what_cannot_change_any_more_is_refused(self):
        with self.assertRaisesRegex(TypeError, "site cannot be changed .*; these can: .*threads"):
            variables.of_changes({"site": "hpc"})


class TestUnicoreCluster(unittest.TestCase):
    """What a cluster is started with."""

    def started(self, *arguments, **more):
        with mock.patch.object(DaskCluster, "_set_up") as set_up:
            camunda_dask.UNICORECluster(*arguments, **more)
        start = set_up.call_args.kwargs["start"]
        return {name: variable["value"] for name, variable in start.items()}

    def test_nothing_given_means_the_defaults_of_the_original(self):
        self.assertEqual(
            self.started("hpc"),
            {
                "site": "hpc",
                "workers": 0,
                "processes": 1,
                "localPort": 4322,
                "connectDashboard": False,
                "waitForStartup": False,
                "connectionTimeout": "PT120S",
            },
        )

    def test_all_parameters_are_variables_of_the_engine(self):
        started = self.started(
            camunda_dask.Submitter("hpc"),
            3,
            "mine",
            queue="batch",
            project="my-project",
            threads=128,
            processes=4,
            scheduler_job_desc={"Executable": "a"},
            worker_job_desc={"Executable": "b"},
            local_port=1,
            connect_dashboard=True,
            local_dashboard_port=2,
            debug=True,
            connection_timeout=60,
        )
        self.assertEqual(
            started,
            {
                "site": "hpc",
                "workers": 3,
                "queue": "batch",
                "project": "my-project",
                "threads": 128,
                "processes": 4,
                "schedulerJob": '{"Executable": "a"}',
                "workerJob": '{"Executable": "b"}',
                "localPort": 1,
                "connectDashboard": True,
                "localDashboardPort": 2,
                "waitForStartup": False,
                "debug": True,
                "connectionTimeout": "PT60S",
            },
        )

    def test_the_configuration_says_which_ports_are_usual(self):
        with dask.config.set({"camunda-dask.unicore-cluster.local-port": 0}):
            self.assertEqual(self.started("hpc")["localPort"], 0)

    def test_an_allocation_is_submitted_with_the_cluster(self):
        described = {"Job type": "ALLOCATE", "Resources": {"Queue": "batch"}}
        allocation = camunda_dask.Submitter("hpc").new_job(described)
        allocation.wait_until_available()
        started = self.started(allocation)
        self.assertEqual(started["allocation"], '{"Job type": "ALLOCATE", "Resources": {"Queue": "batch"}}')
        self.assertEqual(started["site"], "hpc")

    def test_a_job_that_is_no_allocation_is_refused(self):
        with self.assertRaisesRegex(ValueError, "ALLOCATE"):
            camunda_dask.Submitter("hpc").new_job({"Executable": "date"})

    def test_another_submitter_is_refused(self):
        with self.assertRaisesRegex(TypeError, "Submitter.*and is dict"):
            camunda_dask.UNICORECluster({"url": "https://hpc"})


class TestState(unittest.TestCase):
    def test_a_cluster_that_comes_up_is_not_ready(self):
        coming = state(clusterStatus="PENDING", clusterProgress="scheduler job QUEUED")
        self.assertFalse(coming.is_ready(with_workers=False))
        self.assertEqual(coming.wait_text(), "scheduler job QUEUED")

    def test_it_is_ready_for_clients_before_its_workers_are_there(self):
        coming = state(clusterStatus="PENDING", schedulerAddress="tcp://127.0.0.1:1")
        self.assertTrue(coming.is_ready(with_workers=False))
        self.assertFalse(coming.is_ready(with_workers=True))

    def test_it_says_when_a_job_is_expected_to_start_once(self):
        start = "2026-11-26T14:05:00+01:00"
        queued = state(clusterStatus="PENDING", clusterProgress="scheduler job QUEUED", expectedStart=start)
        self.assertEqual(queued.wait_text(), "scheduler job QUEUED, expected to start at 2026-11-26 14:05")
        said = "scheduler job waits, expected to start at 14:05"
        self.assertEqual(state(clusterStatus="PENDING", clusterProgress=said, expectedStart=start).wait_text(), said)

    def test_a_failed_cluster_says_why(self):
        failed = state(clusterStatus="FAILED", errorCode="DASK_QUEUE_TIMEOUT", errorMessage="too long")
        error = failed.end()
        self.assertIsInstance(error, errors.ClusterFailedError)
        self.assertEqual(error.code, "DASK_QUEUE_TIMEOUT")
        self.assertEqual(str(error), "The cluster mine failed: DASK_QUEUE_TIMEOUT: too long")

    def test_a_cluster_that_ended_says_what_ended_it(self):
        for ended_by, why in [
            ("teardown", "torn it down"),
            ("lifetime", "lifetime is over"),
            ("scheduler", "ended by itself"),
            ("work", "work is done"),
        ]:
            with self.subTest(ended_by=ended_by):
                error = state(clusterStatus="STOPPED", endedBy=ended_by).end()
                self.assertIs(type(error), errors.ClusterEndedError)
                self.assertIn(why, str(error))

    def test_a_deleted_instance_is_over_whatever_its_variables_say(self):
        deleted = state(clusterStatus="RUNNING", schedulerAddress="tcp://x:1", endTime="2026-11-26T14:05:00.000+0100")
        self.assertTrue(deleted.is_over)
        self.assertFalse(deleted.is_usable)
        self.assertFalse(deleted.is_ready(with_workers=False))
        self.assertIn("deleted", str(deleted.end()))

    def test_removed_variables_are_not_there(self):
        rows = [{"name": "clusterStatus", "value": "RUNNING", "id": "1", "state": "DELETED"}]
        self.assertFalse(ClusterState.of({"id": "1"}, rows).is_cluster)

    def test_a_size_has_come_about_when_all_its_jobs_are_connected(self):
        jobs = '{"worker-1": {"state": "CONNECTED", "workers": 4}, "worker-2": {"state": "%s", "workers": 4}}'
        for second, there in [("CONNECTED", True), ("QUEUED", False), ("RUNNING", False), ("RETIRING", False)]:
            with self.subTest(second=second):
                now = state(clusterStatus="RUNNING", processes=4, workerJobs=jobs % second)
                self.assertIs(now.has_size(8, None), there)
                self.assertIs(now.has_size(None, 2), there)
                self.assertFalse(now.has_size(4, None))
                self.assertFalse(now.has_size(None, 3))

    def test_worker_jobs_say_how_far_they_are(self):
        job = state(
            workerJobs='{"worker-1": {"state": "QUEUED", "reason": "Priority",'
            ' "start": "2026-11-26T14:05:00+01:00", "end": null, "workers": 0}}'
        ).worker_jobs["worker-1"]
        self.assertEqual((job.state, job.reason, job.end), ("QUEUED", "Priority", None))
        self.assertEqual(job.start.isoformat(), "2026-11-26T14:05:00+01:00")

    def test_nonsense_is_as_if_it_were_not_there(self):
        odd = state(
            clusterStatus="RUNNING", workerJobs="[1]", expectedStart="soon", connectedWorkers="x", dashboardUrl=7
        )
        self.assertEqual(
            (odd.worker_jobs, odd.expected_start, odd.connected_workers, odd.dashboard_url), ({}, None, 0, None)
        )

    def test_what_a_notebook_shows_is_escaped(self):
        shown = progress.rows(state(clusterStatus="PENDING", clusterProgress="<b>waits</b>"), "a & b")
        self.assertIn("&lt;b&gt;waits&lt;/b&gt;", shown)
        self.assertIn("a &amp; b", shown)


class TestLogs(unittest.TestCase):
    def test_each_job_has_its_files(self):
        text = (
            "Cluster 1 at site 'hpc', 2026-11-26T14:05:00Z\n"
            "\n==> scheduler stdout, https://hpc/jobs/1, RUNNING <==\n(empty)\n"
            "\n==> scheduler stderr, https://hpc/jobs/1, RUNNING <==\nfirst\nsecond\n"
            "\n==> worker-1 stderr, https://hpc/jobs/2, FAILED <==\nboom\n"
            "\n==> worker-2, https://hpc/jobs/3, the site has no such job (any more) <==\n"
        )
        jobs = logs.parse(text)
        self.assertEqual(list(jobs), ["scheduler", "worker-1", "worker-2"])
        self.assertIn("first\nsecond", jobs["scheduler"])
        self.assertNotIn("boom", jobs["scheduler"])
        self.assertIn("FAILED", jobs["worker-1"])
        self.assertIn("no such job", jobs["worker-2"])


class TestSettings(unittest.TestCase):
    def of(self, environ=None, config=None, **given):
        with dask.config.set({f"camunda-dask.{key}": value for key, value in (config or {}).items()}):
            return Settings.of(**given, environ=environ or {})

    def test_arguments_go_before_the_environment_before_the_configuration(self):
        config = {"address": "http://localhost:1", "username": "c", "password": "c"}
        environ = {"CAMUNDA_DASK_ADDRESS": "http://localhost:2", "CAMUNDA_DASK_USERNAME": "e"}
        self.assertEqual(self.of(config=config).address, "http://localhost:1/engine-rest")
        settings = self.of(environ, config)
        self.assertEqual((settings.address, settings.username), ("http://localhost:2/engine-rest", "e"))
        settings = self.of(environ, config, address="http://localhost:3/rest/engine/x/", username="a", password="a")
        self.assertEqual((settings.address, settings.username), ("http://localhost:3/rest/engine/x", "a"))
        self.assertEqual(settings.password.reveal(), "a")

    def test_a_password_of_the_environment_is_text_whatever_it_looks_like(self):
        settings = self.of({"CAMUNDA_DASK_PASSWORD": "0123"}, username="a")
        self.assertEqual(settings.password.reveal(), "0123")

    def test_a_password_that_yaml_takes_for_a_number_is_refused(self):
        with self.assertRaisesRegex(TypeError, "between quotes"):
            self.of(config={"password": 123}, username="a")

    def test_a_password_file_is_read_anew_and_without_its_line_break(self):
        with tempfile.TemporaryDirectory() as directory:
            file = pathlib.Path(directory, "password")
            file.write_text("one\n")
            settings = self.of(username="a", password_file=file)
            self.assertEqual(settings.password.reveal(), "one")
            file.write_text("two")
            self.assertEqual(settings.password.reveal(), "two")
            file.unlink()
            with self.assertRaisesRegex(errors.CamundaDaskError, "cannot be read: No such file"):
                settings.password.reveal()

    def test_what_does_not_go_together_is_refused(self):
        for given, why in [
            ({"username": "a"}, "no password"),
            ({"password": "x"}, "no user name"),
            ({"username": "a", "password": "x", "password_file": "y"}, "give one of them"),
            ({"address": "localhost:8080"}, "has to be the URL"),
            ({"address": "http://localhost/?x=1"}, "neither"),
        ]:
            with self.subTest(given=given), self.assertRaisesRegex(ValueError, why):
                self.of(**given)

    def test_an_address_with_a_password_in_it_is_refused_and_not_repeated(self):
        with self.assertRaises(ValueError) as refused:
            self.of(address=f"http://a:{SECRET}@localhost")
        self.assertNotIn(SECRET, str(refused.exception))

    def test_a_password_that_goes_unencrypted_to_another_machine_is_warned_of(self):
        with self.assertWarnsRegex(UserWarning, "unencrypted"):
            self.of(address="http://engine.example.org", username="a", password="x")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            self.of(address="https://engine.example.org", username="a", password="x")
            self.of(address="http://localhost", username="a", password="x")

    def test_no_password_is_printed_or_pickled(self):
        settings = self.of(username="a", password=SECRET)
        submitter = camunda_dask.Submitter("hpc", username="a", password=SECRET)
        for holder in (settings, submitter, Engine(settings), settings.password):
            self.assertNotIn(SECRET, repr(holder))
            with self.assertRaises(TypeError):
                pickle.dumps(holder)
        with self.assertRaisesRegex(TypeError, "not pickled"):
            copy.copy(settings.password)
        with self.assertRaisesRegex(TypeError, "get_client"):
            pickle.dumps(DaskCluster.__new__(DaskCluster))


class TestRest(unittest.TestCase):
    def rest(self, address, **given):
        return Rest(Settings.of(address, **{"username": "a", "password": SECRET, **given}, environ={}))

    def assert_raises(self, expected, text, address, **given):
        with self.assertRaisesRegex(expected, text) as raised:
            self.rest(address, **given).get("/x")
        self.assertNotIn(SECRET, str(raised.exception) + repr(raised.exception))
        return raised.exception

    def test_an_engine_that_is_away_is_said_with_its_address(self):
        with silence() as address:
            error = self.assert_raises(errors.EngineUnreachableError, f"{address} does not answer", address)
        self.assertFalse(error.sent)

    def test_each_status_is_an_error_that_says_what_to_do(self):
        text = {"type": "X", "message": "DASK_INVALID_REQUEST: workers = -1"}
        for status, content, expected, says in [
            (400, text, errors.RequestRefusedError, "workers = -1"),
            (500, text, errors.RequestRefusedError, "workers = -1"),
            (401, b"", errors.LoginRefusedError, "password of the user a.*Correct"),
            (403, text, errors.NotAllowedError, "authorisation"),
            (404, text, LookupError, "workers = -1"),
            (404, b"<html>", errors.CamundaDaskError, "check the address"),
            (200, b"<html>", errors.CamundaDaskError, "check the address"),
            (503, b"", errors.EngineUnreachableError, "try again"),
            (302, {"location": "https://x:y@there/"}, errors.CamundaDaskError, "leads on to https://"),
        ]:
            with self.subTest(status=status), always(status, content) as engine:
                self.assert_raises(expected, says, engine.address)

    def test_an_engine_that_asks_for_a_login_is_said_to(self):
        with always(401, b"") as engine:
            self.assert_raises(errors.LoginRefusedError, "give username", engine.address, username=None, password=None)

    def test_the_password_does_not_follow_a_redirect(self):
        with always(200, []) as other, always(302, {"location": other.address}) as engine:
            self.assert_raises(errors.CamundaDaskError, "leads on", engine.address)
            self.assertEqual(other.requests, [])

    def test_a_refusal_has_the_engines_code(self):
        refused = errors.RequestRefusedError("Cannot instantiate: DASK_PORT_IN_USE: y")
        self.assertEqual((refused.code, str(refused)), ("DASK_PORT_IN_USE", "DASK_PORT_IN_USE: y"))
        self.assertIsNone(errors.RequestRefusedError("x").code)


class TestEngine(unittest.TestCase):
    def engine(self, address):
        with dask.config.set({"camunda-dask.request-timeout": "1s"}):
            return Engine(Settings.of(address, environ={}))

    def test_a_start_whose_answer_was_lost_is_found_and_not_repeated(self):
        starts = []

        def answer(method, path, body):
            if method == "POST":
                starts.append(body)
                return None
            request = starts[0]["variables"]["startRequest"]["value"]
            self.assertIn(f"startRequest_eq_{request}", path)
            return 200, [{"id": "there"}]

        with FakeEngine(answer) as fake:
            self.assertEqual(self.engine(fake.address).start("mine", {}), "there")
        self.assertEqual(len(starts), 1)

    def test_a_start_that_did_not_come_through_is_said_to_have_started_nothing(self):
        with FakeEngine(lambda method, path, body: None if method == "POST" else (200, [])) as fake:
            with self.assertRaisesRegex(errors.EngineUnreachableError, "was not started"):
                self.engine(fake.address).start("mine", {})

    def test_a_start_that_nobody_knows_of_says_how_to_end_what_may_be_there(self):
        with FakeEngine(lambda method, path, body: None) as fake:
            with self.assertRaisesRegex(errors.EngineUnreachableError, r"connect\('mine'\).shutdown"):
                self.engine(fake.address).start("mine", {})

    def test_a_process_that_cannot_be_seen_says_which_authorisations_are_needed(self):
        with always(404, {"message": "No matching process definition"}) as fake:
            with self.assertRaisesRegex(errors.NotAllowedError, "No matching .*CREATE_INSTANCE"):
                self.engine(fake.address).start("mine", {})


class TestPackage(unittest.TestCase):
    def test_the_wheel_says_what_the_project_says(self):
        package = ROOT / "src/main/python"
        metadata = (package / "wheel/METADATA").read_text(encoding="utf-8")
        project = (package / "pyproject.toml").read_text(encoding="utf-8")

        def said(key):
            return re.findall(f"^{key}: (.*)$", metadata, re.MULTILINE)

        self.assertEqual(said("Version"), [camunda_dask.__version__])
        for key, of_project in [
            ("Name", "name"),
            ("Summary", "description"),
            ("Requires-Python", "requires-python"),
        ]:
            self.assertEqual(said(key), re.findall(f'^{of_project} = "(.*)"$', project, re.MULTILINE))
        self.assertEqual(
            said("Requires-Dist"), re.findall('"(.*?)"', re.search(r"^dependencies = \[(.*)\]$", project, re.M)[1])
        )
        for classifier in said("Classifier"):
            self.assertIn(f'"{classifier}"', project)

    def test_its_version_is_that_of_the_engine(self):
        pom = (ROOT / "pom.xml").read_text(encoding="utf-8")
        version = re.search(r"<artifactId>camunda-unicore-dask</artifactId>\s*<version>(.*?)</version>", pom)[1]
        self.assertEqual(camunda_dask.__version__, version.replace("-SNAPSHOT", ".dev0"))


if __name__ == "__main__":
    unittest.main()
