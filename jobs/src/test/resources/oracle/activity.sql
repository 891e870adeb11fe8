-- The tables of activity in DuckDB, the slow and obvious way: expand every user to every day, join
-- every window, count distinct users. Written from the definitions of the tables alone.
--
-- Given: events (user_id, day, instant, id, active, amount, country, plan, platform), the day being
-- the local one, run (log_start, as_of, history_starts), and the macros of wilson.sql.

CREATE TABLE known AS SELECT events.* FROM events, run WHERE day <= as_of;

CREATE TABLE days AS
SELECT unnest(generate_series(log_start, as_of, INTERVAL 1 DAY))::DATE AS day FROM run;

CREATE TABLE actives AS SELECT DISTINCT user_id, day FROM known WHERE active;

CREATE TABLE births AS SELECT user_id, min(day) AS birth FROM actives GROUP BY ALL;

CREATE TABLE said AS
SELECT user_id, day, instant, id, 'country' AS segment, country AS value FROM known
UNION ALL SELECT user_id, day, instant, id, 'plan', plan FROM known
UNION ALL SELECT user_id, day, instant, id, 'platform', platform FROM known;

-- The value of every user in every dimension as of every day.
CREATE TABLE members AS
SELECT b.user_id, d.day, s.segment,
  coalesce(
    arg_max(said.value, epoch_us(said.instant)::VARCHAR || said.id) FILTER (said.value IS NOT NULL),
    '(unknown)') AS segment_value
FROM births b CROSS JOIN days d
  CROSS JOIN (VALUES ('country'), ('plan'), ('platform')) s(segment)
  LEFT JOIN said
    ON said.user_id = b.user_id AND said.segment = s.segment AND said.day <= d.day
GROUP BY ALL
UNION ALL
SELECT b.user_id, d.day, '(all)', '(all)' FROM births b CROSS JOIN days d;

-- active_users

CREATE TABLE windows AS
SELECT w.length, m.day, m.segment, m.segment_value, count(DISTINCT m.user_id) AS users
FROM (VALUES (1), (7), (28), (30), (90)) w(length)
  CROSS JOIN members m
  JOIN actives a ON a.user_id = m.user_id AND a.day <= m.day AND a.day > m.day - w.length
GROUP BY ALL;

CREATE TABLE value_days AS
SELECT d.day, v.segment, v.segment_value
FROM days d JOIN (
    SELECT segment, segment_value, if(segment = '(all)', log_start, min(day)) AS first_day
    FROM windows, run GROUP BY segment, segment_value, log_start) v
  ON d.day >= v.first_day;

CREATE TABLE counts AS
SELECT v.day, v.segment, v.segment_value,
  coalesce(max(users) FILTER (length = 1), 0) AS dau,
  coalesce(max(users) FILTER (length = 7), 0) AS wau,
  coalesce(max(users) FILTER (length = 28), 0) AS mau,
  coalesce(max(users) FILTER (length = 30), 0) AS active_30d,
  coalesce(max(users) FILTER (length = 90), 0) AS active_90d,
  (SELECT count(*) FROM members m JOIN births b USING (user_id)
    WHERE b.birth = v.day AND m.day = v.day AND m.segment = v.segment
      AND m.segment_value = v.segment_value) AS new_users
FROM value_days v LEFT JOIN windows w USING (day, segment, segment_value)
GROUP BY ALL;

CREATE TABLE active_users AS
SELECT c.day, segment, segment_value, 'as_of' AS segment_basis, dau,
  if(c.day - 6 >= log_start, wau, NULL) AS wau,
  if(c.day - 27 >= log_start, mau, NULL) AS mau,
  if(c.day - 29 >= log_start, active_30d, NULL) AS active_30d,
  if(c.day - 89 >= log_start, active_90d, NULL) AS active_90d,
  new_users,
  if(c.day - 27 >= log_start AND mau > 0, dau / mau, NULL) AS stickiness,
  if(c.day - 27 >= log_start, wilson_low(dau, mau), NULL) AS ci_low,
  if(c.day - 27 >= log_start, wilson_high(dau, mau), NULL) AS ci_high,
  if(c.day - 27 >= log_start AND mau > 0,
    (SELECT sum(b.dau) FROM counts b WHERE b.segment = c.segment
      AND b.segment_value = c.segment_value AND b.day BETWEEN c.day - 27 AND c.day)
    / 28 / mau, NULL) AS stickiness_avg,
  c.day - 27 >= log_start AS is_mature,
  c.day >= history_starts AS birth_observed
FROM counts c, run;

-- active_periods and growth

CREATE TABLE periods AS
SELECT DISTINCT grain, date_trunc(grain, day)::DATE AS period_start,
  CASE grain WHEN 'day' THEN date_trunc(grain, day) + INTERVAL 1 DAY
    WHEN 'week' THEN date_trunc(grain, day) + INTERVAL 7 DAY
    ELSE date_trunc(grain, day) + INTERVAL 1 MONTH END::DATE AS period_end,
  CASE grain WHEN 'day' THEN date_trunc(grain, day) - INTERVAL 1 DAY
    WHEN 'week' THEN date_trunc(grain, day) - INTERVAL 7 DAY
    ELSE date_trunc(grain, day) - INTERVAL 1 MONTH END::DATE AS previous_start
FROM days CROSS JOIN (VALUES ('day'), ('week'), ('month')) g(grain);

CREATE TABLE presence AS
SELECT DISTINCT p.grain, p.period_start, a.user_id
FROM periods p JOIN actives a ON a.day >= p.period_start AND a.day < p.period_end;

-- Each user in each period, under the value as of the last day that is known of it.
CREATE TABLE lives AS
SELECT p.*, m.segment, m.segment_value, m.user_id,
  now.user_id IS NOT NULL AS is_active,
  before.user_id IS NOT NULL AS was_active,
  b.birth >= p.period_start AS is_new
FROM periods p CROSS JOIN run
  JOIN members m ON m.day = least(p.period_end - 1, as_of)
  JOIN births b USING (user_id)
  LEFT JOIN presence now
    ON now.grain = p.grain AND now.period_start = p.period_start AND now.user_id = m.user_id
  LEFT JOIN presence before
    ON before.grain = p.grain AND before.period_start = p.previous_start
      AND before.user_id = m.user_id;

CREATE TABLE movements AS
SELECT grain, period_start, period_end, previous_start, segment, segment_value,
  count(*) FILTER (is_active) AS active_users,
  count(*) FILTER (is_active AND is_new) AS new_users,
  count(*) FILTER (is_active AND was_active) AS retained_users,
  count(*) FILTER (is_active AND NOT was_active AND NOT is_new) AS resurrected_users,
  count(*) FILTER (was_active AND NOT is_active) AS churned_users,
  count(*) FILTER (was_active) AS previous_active_users
FROM lives GROUP BY ALL;

-- A value has no row before the first period in which it has anybody.
CREATE TABLE value_periods AS
SELECT p.*, v.segment, v.segment_value
FROM periods p JOIN (
    SELECT grain, segment, segment_value,
      min(period_start) FILTER (segment = '(all)' OR active_users + churned_users > 0) AS first
    FROM movements GROUP BY ALL) v
  ON p.grain = v.grain AND p.period_start >= v.first;

CREATE TABLE growth AS
SELECT grain, period_start, period_end, segment, segment_value, 'as_of' AS segment_basis,
  coalesce(m.active_users, 0) AS active_users,
  coalesce(m.new_users, 0) AS new_users,
  coalesce(m.retained_users, 0) AS retained_users,
  coalesce(m.resurrected_users, 0) AS resurrected_users,
  if(is_over AND is_told, coalesce(m.churned_users, 0), NULL) AS churned_users,
  if(is_told, coalesce(m.previous_active_users, 0), NULL) AS previous_active_users,
  if(is_told, coalesce(m.previous_active_users, 0) - coalesce(b.active_users, 0), NULL)
    AS net_moved_users,
  if(is_over AND is_told AND m.churned_users > 0,
    (m.new_users + m.resurrected_users) / m.churned_users, NULL) AS quick_ratio,
  if(is_over AND is_told AND m.previous_active_users > 0,
    m.retained_users / m.previous_active_users, NULL) AS retention_rate,
  if(is_over AND is_told, wilson_low(m.retained_users, m.previous_active_users), NULL) AS ci_low,
  if(is_over AND is_told, wilson_high(m.retained_users, m.previous_active_users), NULL) AS ci_high,
  is_over AS is_complete,
  period_start >= log_start AS begins_in_log,
  period_start >= history_starts AS birth_observed
FROM (SELECT v.*, run.*, period_end <= as_of + 1 AS is_over,
      history_starts <= log_start OR previous_start >= log_start AS is_told
    FROM value_periods v, run) v
  LEFT JOIN movements m USING (grain, period_start, period_end, segment, segment_value)
  LEFT JOIN movements b
    ON b.grain = v.grain AND b.period_start = v.previous_start AND b.segment = v.segment
      AND b.segment_value = v.segment_value;

CREATE TABLE active_periods AS
SELECT grain, period_start, period_end, segment, segment_value, 'as_of' AS segment_basis,
  coalesce(active_users, 0) AS active_users,
  period_end <= as_of + 1 AND period_start >= log_start AS is_complete
FROM run CROSS JOIN (SELECT p.*, v.segment, v.segment_value
    FROM periods p JOIN (
        SELECT grain, segment, segment_value,
          min(period_start) FILTER (segment = '(all)' OR active_users > 0) AS first
        FROM movements WHERE grain <> 'day' GROUP BY ALL) v
      ON p.grain = v.grain AND p.period_start >= v.first) v
  LEFT JOIN movements USING (grain, period_start, period_end, segment, segment_value);

-- usage_frequency and usage_habit

CREATE TABLE month_use AS
SELECT l.period_start, l.segment, l.segment_value, l.user_id, count(*) AS active_days
FROM lives l JOIN actives a
  ON a.user_id = l.user_id AND a.day >= l.period_start AND a.day < l.period_end
WHERE l.grain = 'month'
GROUP BY ALL;

CREATE TABLE usage_frequency AS
SELECT p.period_start, p.period_end, p.segment, p.segment_value, 'as_of' AS segment_basis,
  k.active_days::INT AS active_days,
  if(period_start + k.active_days::INT <= as_of + 1, (SELECT count(*) FROM month_use u
    WHERE u.period_start = p.period_start AND u.segment = p.segment
      AND u.segment_value = p.segment_value AND u.active_days = k.active_days), NULL) AS users,
  if(period_start + k.active_days::INT <= as_of + 1, (SELECT count(*) FROM month_use u
    WHERE u.period_start = p.period_start AND u.segment = p.segment
      AND u.segment_value = p.segment_value AND u.active_days >= k.active_days), NULL)
    AS users_at_least,
  is_complete
FROM (SELECT * FROM active_periods WHERE grain = 'month') p
  JOIN range(1, 32) k(active_days) ON k.active_days <= p.period_end - p.period_start
  CROSS JOIN run;

CREATE TABLE recent_use AS
SELECT m.segment, m.segment_value, m.user_id, min(b.birth) AS birth,
  count(a.day) FILTER (a.day > as_of - 28) AS days_28,
  count(a.day) FILTER (a.day > as_of - 84) AS days_84
FROM run JOIN members m ON m.day = as_of JOIN births b USING (user_id)
  LEFT JOIN actives a ON a.user_id = m.user_id
GROUP BY ALL;

CREATE TABLE habits AS
SELECT segment, segment_value,
  count(*) FILTER (days_28 > 0) AS users_28d,
  count(*) FILTER (days_28 >= 21) AS core,
  count(*) FILTER (days_28 BETWEEN 14 AND 20) AS regular,
  count(*) FILTER (days_28 BETWEEN 7 AND 13) AS casual,
  count(*) FILTER (days_28 BETWEEN 1 AND 6) AS infrequent,
  count(*) FILTER (days_84 > 0 AND birth <= as_of - 83) AS users_84d,
  count(*) FILTER (days_84 IN (1, 2) AND birth <= as_of - 83) AS users_below_monthly
FROM recent_use, run GROUP BY segment, segment_value;

CREATE TABLE usage_habit AS
SELECT as_of AS day, segment, segment_value, 'as_of' AS segment_basis,
  if(has_28, users_28d, NULL) AS users_28d,
  if(has_28, core, NULL) AS core,
  if(has_28, regular, NULL) AS regular,
  if(has_28, casual, NULL) AS casual,
  if(has_28, infrequent, NULL) AS infrequent,
  has_28 AS is_mature,
  if(has_84, users_84d, NULL) AS users_84d,
  if(has_84, users_below_monthly, NULL) AS users_below_monthly,
  if(has_84 AND users_84d > 0, users_below_monthly / users_84d, NULL) AS share_below_monthly,
  if(has_84, wilson_low(users_below_monthly, users_84d), NULL) AS ci_low,
  if(has_84, wilson_high(users_below_monthly, users_84d), NULL) AS ci_high,
  if(has_84 AND users_84d > 0, users_below_monthly / users_84d > 0.5, NULL) AS is_forgettable,
  has_84 AS is_mature_84d
FROM habits CROSS JOIN
  (SELECT *, as_of - 27 >= log_start AS has_28, as_of - 83 >= log_start AS has_84 FROM run);
