-- Views over the tables that publish.postgresql.schema holds. Say which schema it is, then read this
-- file; the views live in a schema of their own:
--   PGOPTIONS='-c search_path=tenure' psql -f conf/sql/postgresql/views.sql
CREATE SCHEMA IF NOT EXISTS tenure_views;

-- One row: the run that the tables are of.
CREATE OR REPLACE VIEW tenure_views.latest_run AS
SELECT run_id, name, as_of, log_start, started_at, mode, rows_read, rows_accepted, rows_rejected,
  rows_left_out, config_hash, version
FROM runs
WHERE is_this_run;

-- The retention triangle, wide: a cohort and its rates in the periods 0 to 12; NULL is not yet
-- known, beyond the horizon, or hidden (docs/privacy.md).
CREATE OR REPLACE VIEW tenure_views.retention_matrix AS
SELECT retention, grain, segment, segment_value, cohort_start, max(cohort_users) AS cohort_users,
  max(retention_rate) FILTER (WHERE period = 0) AS period_0,
  max(retention_rate) FILTER (WHERE period = 1) AS period_1,
  max(retention_rate) FILTER (WHERE period = 2) AS period_2,
  max(retention_rate) FILTER (WHERE period = 3) AS period_3,
  max(retention_rate) FILTER (WHERE period = 4) AS period_4,
  max(retention_rate) FILTER (WHERE period = 5) AS period_5,
  max(retention_rate) FILTER (WHERE period = 6) AS period_6,
  max(retention_rate) FILTER (WHERE period = 7) AS period_7,
  max(retention_rate) FILTER (WHERE period = 8) AS period_8,
  max(retention_rate) FILTER (WHERE period = 9) AS period_9,
  max(retention_rate) FILTER (WHERE period = 10) AS period_10,
  max(retention_rate) FILTER (WHERE period = 11) AS period_11,
  max(retention_rate) FILTER (WHERE period = 12) AS period_12
FROM retention
WHERE bracket IS NULL
GROUP BY retention, grain, segment, segment_value, cohort_start;

-- The pooled curve per segment value, and whether it smiles: a curve that rises again after its
-- lowest point by more than chance, interval above interval, is one of people who come back, or of
-- older cohorts that keep more, as the last periods know those alone: see whether eligible_users
-- fall. rise_from_lowest is in points of the rate, 0 to 1.
CREATE OR REPLACE VIEW tenure_views.retention_smile AS
SELECT retention, grain, segment, segment_value, period, eligible_users, retained_users,
  retention_rate, ci_low, ci_high, lowest_so_far,
  retention_rate - lowest_so_far AS rise_from_lowest,
  ci_low > lowest_ci_high_so_far AS is_smiling
FROM (
  SELECT retention, grain, segment, segment_value, period, eligible_users, retained_users,
    retention_rate, ci_low, ci_high,
    min(retention_rate) OVER (
      PARTITION BY retention, grain, segment, segment_value
      ORDER BY period ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS lowest_so_far,
    min(ci_high) OVER (
      PARTITION BY retention, grain, segment, segment_value
      ORDER BY period ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS lowest_ci_high_so_far
  FROM retention_curve
  WHERE bracket IS NULL AND is_mature
) AS curve;

-- Monthly churn by stage of life with its change in points, and the rate pooled over three months:
-- sums of users, never a mean of rates; NULL where there are no three, or one of them is hidden.
-- Complete months only.
CREATE OR REPLACE VIEW tenure_views.stage_churn_trend AS
SELECT segment, segment_value, stage, period_start, users_at_start, churned_users, churn_rate, band,
  churn_rate - lag(churn_rate) OVER trend AS change,
  CASE WHEN count(churned_users) OVER three = 3
    THEN 1.0 * sum(churned_users) OVER three / nullif(sum(users_at_start) OVER three, 0)
    END AS churn_rate_3m
FROM churn_by_stage
WHERE is_mature
WINDOW
  trend AS (PARTITION BY segment, segment_value, stage ORDER BY period_start),
  three AS (PARTITION BY segment, segment_value, stage ORDER BY period_start
    ROWS BETWEEN 2 PRECEDING AND CURRENT ROW);

-- How sticky the product is in each segment value on the as-of day, beside the whole, and 28 days
-- before it.
CREATE OR REPLACE VIEW tenure_views.stickiness_by_segment AS
SELECT today.segment, today.segment_value, today.day, today.dau, today.wau, today.mau,
  today.stickiness, today.ci_low, today.ci_high, today.stickiness_avg,
  today.stickiness - everybody.stickiness AS above_the_whole,
  today.stickiness - earlier.stickiness AS change_in_28_days
FROM active_users AS today
JOIN runs AS run ON run.is_this_run AND run.as_of = today.day
JOIN active_users AS everybody
  ON everybody.segment = '(all)' AND everybody.day = today.day
LEFT JOIN active_users AS earlier
  ON earlier.segment = today.segment AND earlier.segment_value = today.segment_value
  AND earlier.day = today.day - 28;
