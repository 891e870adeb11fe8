"""Loads the DAG given as argument with the few names of Airflow that it uses, and tells what it says.

Prints JSON: the tasks with their arguments, the edges, and what becomes of a task by exit code.
"""

import json
import runpy
import sys
import types

TASKS, EDGES, DAGS = [], [], []


class AirflowException(Exception):
    pass


class AirflowFailException(AirflowException):
    pass


class SparkSubmitOperator:
    exit_code = 0

    def __init__(self, *, task_id, conn_id, application, java_class, application_args):
        self.task_id = task_id
        self.said = {
            "task_id": task_id,
            "application": application,
            "java_class": java_class,
            "application_args": application_args,
        }
        TASKS.append(self)

    def execute(self, context):
        # As the hook of the provider words it.
        if self.exit_code:
            raise AirflowException(
                f"Cannot execute: spark-submit x. Error code is: {self.exit_code}."
            )

    def __rshift__(self, other):
        EDGES.append([self.task_id, other.task_id])
        return other


class DAG:
    def __init__(self, *, dag_id, start_date, schedule, max_active_runs, catchup, default_args):
        DAGS.append(
            {
                "schedule": schedule,
                "max_active_runs": max_active_runs,
                "retries": default_args["retries"],
            }
        )

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        return False


def module(name, **members):
    made = types.ModuleType(name)
    made.__dict__.update(members)
    sys.modules[name] = made


module("airflow", DAG=DAG)
module(
    "airflow.exceptions",
    AirflowException=AirflowException,
    AirflowFailException=AirflowFailException,
)
for package in ("providers", "providers.apache", "providers.apache.spark", "timetables"):
    module("airflow." + package)
module("airflow.providers.apache.spark.operators")
module(
    "airflow.providers.apache.spark.operators.spark_submit",
    SparkSubmitOperator=SparkSubmitOperator,
)
module(
    "airflow.timetables.interval",
    CronDataIntervalTimetable=lambda cron, timezone: (cron, timezone),
)

runpy.run_path(sys.argv[1])

outcomes = {}
for code in range(-9, 6):
    TASKS[0].exit_code = code
    try:
        TASKS[0].execute({})
        outcomes[code] = "success"
    except AirflowFailException:
        outcomes[code] = "failed"
    except AirflowException:
        outcomes[code] = "retried"

json.dump(
    {"dag": DAGS, "tasks": [task.said for task in TASKS], "edges": EDGES, "outcomes": outcomes},
    sys.stdout,
)
