-- The tables in DuckDB, written by somebody who knows how. The events are grouped once, by user and
-- day; strings become small numbers before the one large sort; then everything is a count over
-- active days, their neighbours, and the ends of intervals. Nothing is expanded, nothing is counted
-- distinct.

CREATE MACRO period_of(grain, day) AS CASE grain
  WHEN 'day' THEN day
  WHEN 'week' THEN (day + 3) // 7
  ELSE (year(DATE '1970-01-01' + day) - 1970)::INT * 12 + month(DATE '1970-01-01' + day)::INT - 1
  END;

CREATE MACRO start_of(grain, period) AS CASE grain
  WHEN 'day' THEN DATE '1970-01-01' + period
  WHEN 'week' THEN DATE '1970-01-01' + (period * 7 - 3)
  ELSE make_date(1970 + period // 12, 1 + period % 12, 1)
  END;

CREATE MACRO segment_of(aggregated) AS CASE aggregated
  WHEN 7 THEN '(all)' WHEN 3 THEN 'country' WHEN 5 THEN 'platform' ELSE 'plan' END;

CREATE MACRO value_of(aggregated, country, platform, plan) AS CASE aggregated
  WHEN 7 THEN '(all)'
  WHEN 3 THEN coalesce(country::VARCHAR, '(unknown)')
  WHEN 5 THEN coalesce(platform::VARCHAR, '(unknown)')
  ELSE coalesce(plan::VARCHAR, '(unknown)') END;

CREATE TEMP TABLE spoken AS
SELECT user_id, (epoch_us(event_time) // 86400000000)::INT AS day,
  arg_max(country, event_time) AS country,
  arg_max(platform, event_time) AS platform,
  arg_max(plan, event_time) AS plan
FROM read_parquet('<events>', hive_partitioning = false)
WHERE event_time < TIMESTAMPTZ '<end> 00:00:00+00'
GROUP BY ALL;

CREATE TYPE country AS ENUM (SELECT DISTINCT country FROM spoken WHERE country IS NOT NULL);
CREATE TYPE platform AS ENUM (SELECT DISTINCT platform FROM spoken WHERE platform IS NOT NULL);
CREATE TYPE plan AS ENUM (SELECT DISTINCT plan FROM spoken WHERE plan IS NOT NULL);

CREATE TEMP TABLE numbers AS
SELECT user_id, row_number() OVER ()::INT AS number FROM (SELECT DISTINCT user_id FROM spoken);

-- Every event is activity, so values change on active days only.
CREATE TEMP TABLE days AS
SELECT number, day, lag(day) OVER life AS previous, lead(day) OVER life AS next,
  last_value(country::country IGNORE NULLS) OVER life AS country,
  last_value(platform::platform IGNORE NULLS) OVER life AS platform,
  last_value(plan::plan IGNORE NULLS) OVER life AS plan
FROM spoken JOIN numbers USING (user_id)
WINDOW life AS (PARTITION BY number ORDER BY day);

DROP TABLE spoken;

CREATE TEMP TABLE log AS SELECT min(day) AS first, DATE '<end>' - DATE '1970-01-01' AS beyond FROM days;

-- A user's last active day of a period has the value as of its end.
CREATE TEMP TABLE weeks AS
SELECT number, period, lag(period) OVER life AS previous, lead(period) OVER life AS next,
  country, platform, plan
FROM (
  SELECT *, period_of('week', day) AS period FROM days
  WHERE next IS NULL OR period_of('week', next) > period_of('week', day))
WINDOW life AS (PARTITION BY number ORDER BY period);

CREATE TEMP TABLE months AS
SELECT number, period, lag(period) OVER life AS previous, lead(period) OVER life AS next,
  country, platform, plan
FROM (
  SELECT *, period_of('month', day) AS period FROM days
  WHERE next IS NULL OR period_of('month', next) > period_of('month', day))
WINDOW life AS (PARTITION BY number ORDER BY period);

CREATE VIEW presence AS
SELECT 'day' AS grain, number, day AS period, previous, next, country, platform, plan FROM days
UNION ALL SELECT 'week', * FROM weeks
UNION ALL SELECT 'month', * FROM months;

CREATE TEMP TABLE grains AS
SELECT grain, horizon, period_of(grain, first) AS first, period_of(grain, beyond::INT - 1) AS last
FROM log, (VALUES ('day', 30), ('week', 26), ('month', 24)) grains(grain, horizon);

-- retention

CREATE TEMP TABLE births AS
SELECT number, day AS birth, country, platform, plan FROM days WHERE previous IS NULL;

CREATE TEMP TABLE returns AS
WITH seen AS (
  SELECT 'day' AS grain, birth AS cohort, period, births.country, births.platform, births.plan
  FROM (SELECT number, day AS period FROM days) JOIN births USING (number)
  WHERE period <= birth + 30
  UNION ALL
  SELECT 'week', period_of('week', birth) AS cohort, period, births.country, births.platform,
    births.plan
  FROM weeks JOIN births USING (number) WHERE period <= cohort + 26
  UNION ALL
  SELECT 'month', period_of('month', birth) AS cohort, period, births.country, births.platform,
    births.plan
  FROM months JOIN births USING (number) WHERE period <= cohort + 24)
SELECT grain, cohort, period - cohort AS period,
  segment_of(grouping(country, platform, plan)) AS segment,
  value_of(grouping(country, platform, plan), country, platform, plan) AS segment_value,
  count(*) AS users
FROM seen
GROUP BY GROUPING SETS ((grain, cohort, period), (grain, cohort, period, country),
  (grain, cohort, period, platform), (grain, cohort, period, plan));

CREATE TEMP TABLE retention AS
SELECT c.grain, c.segment, c.segment_value, start_of(c.grain, c.cohort) AS cohort_start,
  k.period::INT AS period, c.users AS cohort_users,
  if(start_of(c.grain, c.cohort + k.period::INT + 1) <= DATE '<end>', coalesce(r.users, 0), NULL)
    AS retained_users
FROM returns c JOIN grains g ON g.grain = c.grain JOIN range(0, 31) k(period) ON k.period <= g.horizon
  LEFT JOIN returns r ON r.grain = c.grain AND r.cohort = c.cohort AND r.segment = c.segment
    AND r.segment_value = c.segment_value AND r.period = k.period
WHERE c.period = 0;

-- growth

CREATE TEMP TABLE movements AS
WITH counted AS (
  SELECT grain, period, country, platform, plan,
    count(*) FILTER (previous IS NULL) AS new_users,
    count(*) FILTER (previous = period - 1) AS retained_users,
    count(*) FILTER (previous < period - 1) AS resurrected_users,
    count(*) FILTER (next IS NULL OR next > period + 1) AS leaving_users
  FROM presence GROUP BY ALL),
moved AS (
  SELECT grain, period, country, platform, plan, new_users, retained_users, resurrected_users,
    0 AS churned_users FROM counted
  UNION ALL
  SELECT grain, period + 1, country, platform, plan, 0, 0, 0, leaving_users FROM counted)
SELECT grain, period, segment_of(grouping(country, platform, plan)) AS segment,
  value_of(grouping(country, platform, plan), country, platform, plan) AS segment_value,
  sum(new_users) AS new_users, sum(retained_users) AS retained_users,
  sum(resurrected_users) AS resurrected_users, sum(churned_users) AS churned_users
FROM moved JOIN grains USING (grain) WHERE period <= last
GROUP BY GROUPING SETS ((grain, period), (grain, period, country), (grain, period, platform),
  (grain, period, plan));

CREATE TEMP TABLE growth AS
SELECT grain, segment, segment_value, start_of(grain, period) AS period_start,
  coalesce(new_users + retained_users + resurrected_users, 0)::BIGINT AS active_users,
  coalesce(new_users, 0)::BIGINT AS new_users,
  coalesce(retained_users, 0)::BIGINT AS retained_users,
  coalesce(resurrected_users, 0)::BIGINT AS resurrected_users,
  if(start_of(grain, period + 1) <= DATE '<end>', coalesce(churned_users, 0)::BIGINT, NULL)
    AS churned_users
FROM (
    SELECT v.grain, segment, segment_value, unnest(range(v.first, g.last + 1))::INT AS period
    FROM (
      SELECT grain, segment, segment_value, min(period) AS first FROM movements GROUP BY ALL) v
      JOIN grains g USING (grain))
  LEFT JOIN movements USING (grain, segment, segment_value, period);

-- active users: an active day counts in a window until the window or the next active day ends it

CREATE TEMP TABLE changes AS
WITH changed AS (
  SELECT day, country, platform, plan, count(*) AS dau, count(*) AS weekly, count(*) AS monthly
  FROM days GROUP BY ALL
  UNION ALL
  SELECT least(next, day + 7) AS ending, country, platform, plan, 0, -count(*), 0
  FROM days GROUP BY ALL
  UNION ALL
  SELECT least(next, day + 28) AS ending, country, platform, plan, 0, 0, -count(*)
  FROM days GROUP BY ALL)
SELECT day, segment_of(grouping(country, platform, plan)) AS segment,
  value_of(grouping(country, platform, plan), country, platform, plan) AS segment_value,
  sum(dau) AS dau, sum(weekly) AS weekly, sum(monthly) AS monthly
FROM changed, log WHERE day < beyond
GROUP BY GROUPING SETS ((day), (day, country), (day, platform), (day, plan));

CREATE TEMP TABLE active_users AS
SELECT DATE '1970-01-01' + day AS day, segment, segment_value,
  coalesce(dau, 0)::BIGINT AS dau,
  if(day - 6 >= first, sum(weekly) OVER upto, NULL)::BIGINT AS wau,
  if(day - 27 >= first, sum(monthly) OVER upto, NULL)::BIGINT AS mau
FROM (
    SELECT segment, segment_value, unnest(range(begun, beyond))::INT AS day, first
    FROM (SELECT segment, segment_value, min(day) AS begun FROM changes GROUP BY ALL), log)
  LEFT JOIN changes USING (segment, segment_value, day)
WINDOW upto AS (PARTITION BY segment, segment_value ORDER BY day);
