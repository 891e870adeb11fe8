-- The tables in Spark SQL the usual way: join to the first day, explode every active day to the 28
-- days it counts in, count distinct users.

CREATE TEMPORARY VIEW events AS
SELECT user_id, event_time, country, platform, plan FROM parquet.`<log>`
WHERE event_time < TIMESTAMP '<end> 00:00:00';

CREATE TABLE spoken USING parquet LOCATION '<work>/spoken' AS
SELECT user_id, CAST(event_time AS DATE) AS day,
  max_by(country, event_time) FILTER (WHERE country IS NOT NULL) AS country,
  max_by(platform, event_time) FILTER (WHERE platform IS NOT NULL) AS platform,
  max_by(plan, event_time) FILTER (WHERE plan IS NOT NULL) AS plan
FROM events GROUP BY 1, 2;

CREATE TABLE user_days USING parquet LOCATION '<work>/user_days' AS
SELECT user_id, day,
  coalesce(last_value(country) IGNORE NULLS OVER life, '(unknown)') AS country,
  coalesce(last_value(platform) IGNORE NULLS OVER life, '(unknown)') AS platform,
  coalesce(last_value(plan) IGNORE NULLS OVER life, '(unknown)') AS plan
FROM spoken WINDOW life AS (PARTITION BY user_id ORDER BY day);

CREATE TABLE first_days USING parquet LOCATION '<work>/first_days' AS
SELECT user_id, min(day) AS first_day, min_by(country, day) AS country,
  min_by(platform, day) AS platform, min_by(plan, day) AS plan
FROM user_days GROUP BY user_id;

CREATE TEMPORARY VIEW log AS SELECT min(first_day) AS first FROM first_days;

-- retention

CREATE TABLE retention_<grain> USING parquet LOCATION '<work>/retention_<grain>' AS
WITH seen AS (
  SELECT CAST(date_trunc('<grain>', first_day) AS DATE) AS cohort_start,
    CAST(timestampdiff(<grain>, date_trunc('<grain>', first_day), date_trunc('<grain>', day)) AS INT)
      AS period,
    user_id,
    stack(4, '(all)', '(all)', 'country', f.country, 'platform', f.platform, 'plan', f.plan)
      AS (segment, segment_value)
  FROM user_days JOIN first_days f USING (user_id)),
counted AS (
  SELECT segment, segment_value, cohort_start, period, count(DISTINCT user_id) AS users
  FROM seen WHERE period <= <horizon> GROUP BY ALL)
SELECT '<grain>' AS grain, c.segment, c.segment_value, c.cohort_start, k.period,
  c.users AS cohort_users,
  if(timestampadd(<grain>, k.period + 1, c.cohort_start) <= DATE '<end>', coalesce(r.users, 0),
    NULL) AS retained_users
FROM counted c
  CROSS JOIN (SELECT explode(sequence(0, <horizon>)) AS period) k
  LEFT JOIN counted r ON r.segment = c.segment AND r.segment_value = c.segment_value
    AND r.cohort_start = c.cohort_start AND r.period = k.period
WHERE c.period = 0;

-- growth

CREATE TABLE growth_<grain> USING parquet LOCATION '<work>/growth_<grain>' AS
WITH present AS (
  SELECT user_id, CAST(date_trunc('<grain>', day) AS DATE) AS period_start,
    max_by(country, day) AS country, max_by(platform, day) AS platform, max_by(plan, day) AS plan
  FROM user_days GROUP BY 1, 2),
moves AS (
  SELECT now.period_start, now.user_id,
    CASE WHEN now.period_start = date_trunc('<grain>', first_day) THEN 'new'
      WHEN before.user_id IS NOT NULL THEN 'retained' ELSE 'resurrected' END AS move,
    now.country, now.platform, now.plan
  FROM present now JOIN first_days USING (user_id)
    LEFT JOIN present before ON before.user_id = now.user_id
      AND now.period_start = CAST(before.period_start + INTERVAL 1 <grain> AS DATE)
  UNION ALL
  SELECT CAST(before.period_start + INTERVAL 1 <grain> AS DATE), before.user_id, 'churned',
    before.country, before.platform, before.plan
  FROM present before
    LEFT JOIN present now ON before.user_id = now.user_id
      AND now.period_start = CAST(before.period_start + INTERVAL 1 <grain> AS DATE)
  WHERE now.user_id IS NULL
    AND CAST(before.period_start + INTERVAL 1 <grain> AS DATE) < DATE '<end>'),
counted AS (
  SELECT segment, segment_value, period_start,
    count(DISTINCT user_id) FILTER (WHERE move <> 'churned') AS active_users,
    count(DISTINCT user_id) FILTER (WHERE move = 'new') AS new_users,
    count(DISTINCT user_id) FILTER (WHERE move = 'retained') AS retained_users,
    count(DISTINCT user_id) FILTER (WHERE move = 'resurrected') AS resurrected_users,
    count(DISTINCT user_id) FILTER (WHERE move = 'churned') AS churned_users
  FROM (
    SELECT period_start, user_id, move,
      stack(4, '(all)', '(all)', 'country', country, 'platform', platform, 'plan', plan)
        AS (segment, segment_value)
    FROM moves)
  GROUP BY ALL),
grid AS (
  SELECT segment, segment_value, explode(sequence(min(period_start),
    CAST(date_trunc('<grain>', DATE '<end>' - INTERVAL 1 DAY) AS DATE), INTERVAL 1 <grain>))
      AS period_start
  FROM counted GROUP BY segment, segment_value)
SELECT '<grain>' AS grain, segment, segment_value, period_start,
  coalesce(active_users, 0) AS active_users, coalesce(new_users, 0) AS new_users,
  coalesce(retained_users, 0) AS retained_users,
  coalesce(resurrected_users, 0) AS resurrected_users,
  if(CAST(period_start + INTERVAL 1 <grain> AS DATE) <= DATE '<end>', coalesce(churned_users, 0),
    NULL) AS churned_users
FROM grid LEFT JOIN counted USING (segment, segment_value, period_start);

-- active users

CREATE TABLE active_users USING parquet LOCATION '<work>/active_users' AS
WITH exploded AS (
  SELECT user_id, day AS active_day,
    explode(sequence(day, least(day + 27, DATE '<end>' - 1))) AS day
  FROM user_days),
recent AS (
  SELECT user_id, day, max(active_day) AS active_day FROM exploded GROUP BY user_id, day),
valued AS (
  SELECT r.user_id, r.day, active_day,
    stack(4, '(all)', '(all)', 'country', country, 'platform', platform, 'plan', plan)
      AS (segment, segment_value)
  FROM recent r JOIN user_days u ON u.user_id = r.user_id AND u.day = r.active_day),
counted AS (
  SELECT day, segment, segment_value,
    count(DISTINCT user_id) FILTER (WHERE active_day = day) AS dau,
    count(DISTINCT user_id) FILTER (WHERE active_day > day - 7) AS wau,
    count(DISTINCT user_id) AS mau
  FROM valued GROUP BY ALL),
grid AS (
  SELECT segment, segment_value,
    explode(sequence(min(day), DATE '<end>' - 1)) AS day
  FROM counted GROUP BY segment, segment_value)
SELECT day, segment, segment_value, coalesce(dau, 0) AS dau,
  if(day - 6 >= first, coalesce(wau, 0), NULL) AS wau,
  if(day - 27 >= first, coalesce(mau, 0), NULL) AS mau
FROM grid CROSS JOIN log LEFT JOIN counted USING (segment, segment_value, day);
