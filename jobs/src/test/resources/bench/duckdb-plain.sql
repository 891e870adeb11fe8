-- The tables in DuckDB the usual way: join to the first day, expand every active day to the 28 days
-- it counts in, count distinct users.

CREATE TEMP TABLE spoken AS
SELECT user_id, CAST(event_time AT TIME ZONE 'UTC' AS DATE) AS day,
  arg_max(country, event_time) AS country,
  arg_max(platform, event_time) AS platform,
  arg_max(plan, event_time) AS plan
FROM read_parquet('<events>', hive_partitioning = false)
WHERE event_time < TIMESTAMPTZ '<end> 00:00:00+00'
GROUP BY ALL;

CREATE TEMP TABLE user_days AS
SELECT user_id, day,
  coalesce(last_value(country IGNORE NULLS) OVER life, '(unknown)') AS country,
  coalesce(last_value(platform IGNORE NULLS) OVER life, '(unknown)') AS platform,
  coalesce(last_value(plan IGNORE NULLS) OVER life, '(unknown)') AS plan
FROM spoken WINDOW life AS (PARTITION BY user_id ORDER BY day);

CREATE TEMP TABLE first_days AS
SELECT user_id, min(day) AS first_day, arg_min(country, day) AS country,
  arg_min(platform, day) AS platform, arg_min(plan, day) AS plan
FROM user_days GROUP BY user_id;

CREATE TEMP TABLE log AS SELECT min(day) AS first, DATE '<end>' AS beyond FROM user_days;

CREATE MACRO segments(country, platform, plan) AS [
  {segment: '(all)', segment_value: '(all)'}, {segment: 'country', segment_value: country},
  {segment: 'platform', segment_value: platform}, {segment: 'plan', segment_value: plan}];

-- retention

CREATE TEMP TABLE retention (grain VARCHAR, segment VARCHAR, segment_value VARCHAR,
  cohort_start DATE, period INT, cohort_users BIGINT, retained_users BIGINT);

INSERT INTO retention
WITH seen AS (
  SELECT CAST(date_trunc('<grain>', first_day) AS DATE) AS cohort_start,
    date_diff('<grain>', cohort_start, CAST(date_trunc('<grain>', day) AS DATE)) AS period,
    user_id, unnest(segments(f.country, f.platform, f.plan), recursive := true)
  FROM user_days JOIN first_days f USING (user_id)),
counted AS (
  SELECT segment, segment_value, cohort_start, period, count(DISTINCT user_id) AS users
  FROM seen WHERE period <= <horizon> GROUP BY ALL)
SELECT '<grain>', c.segment, c.segment_value, c.cohort_start, k.period, c.users,
  if(c.cohort_start + to_<grain>s(k.period::INT + 1) <= DATE '<end>', coalesce(r.users, 0), NULL)
FROM counted c CROSS JOIN range(0, <horizon> + 1) k(period)
  LEFT JOIN counted r ON r.segment = c.segment AND r.segment_value = c.segment_value
    AND r.cohort_start = c.cohort_start AND r.period = k.period
WHERE c.period = 0;

-- growth

CREATE TEMP TABLE growth (grain VARCHAR, segment VARCHAR, segment_value VARCHAR, period_start DATE,
  active_users BIGINT, new_users BIGINT, retained_users BIGINT, resurrected_users BIGINT,
  churned_users BIGINT);

INSERT INTO growth
WITH present AS (
  SELECT user_id, CAST(date_trunc('<grain>', day) AS DATE) AS period_start,
    arg_max(country, day) AS country, arg_max(platform, day) AS platform,
    arg_max(plan, day) AS plan
  FROM user_days GROUP BY ALL),
moves AS (
  SELECT now.period_start, user_id,
    CASE WHEN now.period_start = date_trunc('<grain>', first_day) THEN 'new'
      WHEN before.user_id IS NOT NULL THEN 'retained' ELSE 'resurrected' END AS move,
    now.country, now.platform, now.plan
  FROM present now JOIN first_days USING (user_id)
    LEFT JOIN present before ON before.user_id = now.user_id
      AND before.period_start = now.period_start - to_<grain>s(1)
  UNION ALL
  SELECT CAST(before.period_start + to_<grain>s(1) AS DATE), before.user_id, 'churned',
    before.country, before.platform, before.plan
  FROM present before
    LEFT JOIN present now ON before.user_id = now.user_id
      AND before.period_start = now.period_start - to_<grain>s(1)
  WHERE now.user_id IS NULL AND before.period_start + to_<grain>s(1) < DATE '<end>'),
counted AS (
  SELECT segment, segment_value, period_start,
    count(DISTINCT user_id) FILTER (move <> 'churned') AS active_users,
    count(DISTINCT user_id) FILTER (move = 'new') AS new_users,
    count(DISTINCT user_id) FILTER (move = 'retained') AS retained_users,
    count(DISTINCT user_id) FILTER (move = 'resurrected') AS resurrected_users,
    count(DISTINCT user_id) FILTER (move = 'churned') AS churned_users
  FROM (
    SELECT period_start, user_id, move,
      unnest(segments(country, platform, plan), recursive := true) FROM moves)
  GROUP BY ALL),
grid AS (
  SELECT segment, segment_value, CAST(unnest(generate_series(min(period_start),
    date_trunc('<grain>', DATE '<end>' - 1)::DATE, to_<grain>s(1))) AS DATE) AS period_start
  FROM counted GROUP BY segment, segment_value)
SELECT '<grain>', segment, segment_value, period_start, coalesce(active_users, 0),
  coalesce(new_users, 0), coalesce(retained_users, 0), coalesce(resurrected_users, 0),
  if(period_start + to_<grain>s(1) <= DATE '<end>', coalesce(churned_users, 0), NULL)
FROM grid LEFT JOIN counted USING (segment, segment_value, period_start);

-- active users

CREATE TEMP TABLE active_users AS
WITH expanded AS (
  SELECT user_id, day AS active_day,
    unnest(range(day, least(day + 28, DATE '<end>'), INTERVAL 1 DAY))::DATE AS day
  FROM user_days),
recent AS (
  SELECT user_id, day, max(active_day) AS active_day FROM expanded GROUP BY user_id, day),
valued AS (
  SELECT r.user_id, r.day, active_day,
    unnest(segments(country, platform, plan), recursive := true)
  FROM recent r JOIN user_days u ON u.user_id = r.user_id AND u.day = r.active_day),
counted AS (
  SELECT day, segment, segment_value,
    count(DISTINCT user_id) FILTER (active_day = day) AS dau,
    count(DISTINCT user_id) FILTER (active_day > day - 7) AS wau,
    count(DISTINCT user_id) AS mau
  FROM valued GROUP BY ALL),
grid AS (
  SELECT segment, segment_value, CAST(unnest(generate_series(min(day), DATE '<end>' - 1,
    INTERVAL 1 DAY)) AS DATE) AS day
  FROM counted GROUP BY segment, segment_value)
SELECT day, segment, segment_value, coalesce(dau, 0) AS dau,
  if(day - 6 >= first, coalesce(wau, 0), NULL) AS wau,
  if(day - 27 >= first, coalesce(mau, 0), NULL) AS mau
FROM grid CROSS JOIN log LEFT JOIN counted USING (segment, segment_value, day);
