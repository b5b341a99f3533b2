"""What the engine has read of the jobs' output, taken apart."""

from __future__ import annotations

import re

from distributed.utils import Log, Logs

__all__ = ["SCHEDULER", "parse"]

#: What the engine calls the scheduler's job.
SCHEDULER = "scheduler"

_HEADING = re.compile(r"^==> (\S+)(?: (.+?))?, (\S+://\S+), (.*) <==$", re.MULTILINE)


def parse(text: str) -> Logs:
    """The output of each job, by its name.

    Parameters
    ----------
    text : str
        What the variable ``clusterLogs`` holds.
    """
    headings = list(_HEADING.finditer(text))
    jobs: dict[str, list[str]] = {}
    for heading, following in zip(headings, [*headings[1:], None]):
        job, file, url, status = heading.groups()
        content = text[heading.end() : following.start() if following else len(text)].strip("\n")
        title = f"{file or 'job'} of {url}, {status}"
        jobs.setdefault(job, []).append(f"==> {title} <==\n{content}".rstrip())
    return Logs({job: Log("\n\n".join(parts)) for job, parts in jobs.items()})
