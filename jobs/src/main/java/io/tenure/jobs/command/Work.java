package io.tenure.jobs.command;

import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Output;
import java.time.InstantSource;
import org.apache.spark.sql.SparkSession;

/** What every stage of a run works with. */
record Work(
    SparkSession spark,
    TenureConfig config,
    Output output,
    InstantSource clock,
    Progress progress) {}
