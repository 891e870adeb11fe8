"""Tenure every day by Airflow: the stages of a run as tasks, each safe to retry.

Exit codes, and what becomes of the task:
  0  success
  1  a bug                                    fails for good: the log has the stack trace
  2  usage or config                          fails for good: correct it
  3  input missing, unreadable, other schema  fails for good: mend the input, then clear the task
  4  a quality gate failed                    fails for good: look at rejected_events, or what is gone
                                              or has not arrived
  5  storage, lock or publishing failed       retried
A task that died without a code is retried, too.

Backfill: tables of a day hold all days before it, so one run of the last day fills them all. Days
may be cleared and run again in any order; readers see the one that was published last.
"""

import re
from datetime import datetime, timedelta

from airflow import DAG
from airflow.exceptions import AirflowException, AirflowFailException
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.timetables.interval import CronDataIntervalTimetable

CONFIG = "hdfs:///etc/tenure/tenure.yaml"
# The timezone of the config, in which a day begins and ends.
ZONE = "UTC"
# The day in which the interval begins. {{ ds }} is that in UTC, whatever the schedule: in the morning
# of Kolkata or Tokyo it is the day before.
DAY = "{{ ds }}" if ZONE == "UTC" else "{{ data_interval_start.in_timezone('%s') | ds }}" % ZONE


class TenureOperator(SparkSubmitOperator):
    """Fails for good where a retry would fail alike."""

    def execute(self, context):
        try:
            return super().execute(context)
        except AirflowException as failure:
            if re.search(r"Error code is: [1-4]\.", str(failure)):
                raise AirflowFailException(str(failure)) from failure
            raise


with DAG(
    dag_id="tenure",
    start_date=datetime(2026, 1, 1),
    # Of an interval that ends this morning, DAY is yesterday: of scheduled runs. One triggered by
    # hand has the day of the trigger, which is not over: give it the logical date of the day to count.
    schedule=CronDataIntervalTimetable("30 4 * * *", timezone=ZONE),
    # One run per output at a time, as its lock would have it.
    max_active_runs=1,
    # A day that was missed is in the tables of the next one.
    catchup=False,
    default_args={
        "retries": 3,
        "retry_delay": timedelta(minutes=10),
        "execution_timeout": timedelta(hours=6),
    },
) as dag:

    def task(stage, *more):
        # DAY is the day whose events came in; a stage that finds another day pending fails.
        return TenureOperator(
            task_id=stage,
            conn_id="spark_default",
            application="/opt/tenure/tenure.jar",
            java_class="io.tenure.jobs.Tenure",
            application_args=[stage, "-c", CONFIG, "--as-of", DAY, *more],
        )

    # A day that has not arrived yet is no day without users: it ends with 4. Wait for the log with a
    # sensor before, or leave this out where whole days may be empty.
    task("ingest", "--set", "quality.max-missing-days=0") >> task("compute") >> task("publish")
