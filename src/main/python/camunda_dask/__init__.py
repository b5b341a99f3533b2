"""Dask clusters at HPC sites, started and kept by a Camunda engine through UNICORE.

:class:`DaskCluster` is a cluster as ``distributed`` has them; :class:`UNICORECluster` is one with the parameters of
PyUNICORE's; :func:`list_clusters` says which there are.
"""

from camunda_dask.cluster import DaskCluster, list_clusters
from camunda_dask.errors import (
    CamundaDaskError,
    ClusterEndedError,
    ClusterFailedError,
    ClusterNotFoundError,
    EngineUnreachableError,
    LoginRefusedError,
    NotAClusterError,
    NotAllowedError,
    NotYourClusterError,
    RequestRefusedError,
    ScaleFailedError,
    SchedulerUnreachableError,
)
from camunda_dask.state import ClusterReport, ClusterState, WorkerJob
from camunda_dask.unicore import Allocation, Submitter, UNICORECluster

__version__ = "0.1.0.dev0"

__all__ = [
    "Allocation",
    "CamundaDaskError",
    "ClusterEndedError",
    "ClusterFailedError",
    "ClusterNotFoundError",
    "ClusterReport",
    "ClusterState",
    "DaskCluster",
    "EngineUnreachableError",
    "LoginRefusedError",
    "NotAClusterError",
    "NotAllowedError",
    "NotYourClusterError",
    "RequestRefusedError",
    "ScaleFailedError",
    "SchedulerUnreachableError",
    "Submitter",
    "UNICORECluster",
    "WorkerJob",
    "list_clusters",
]
