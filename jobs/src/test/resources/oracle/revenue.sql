-- The tables of revenue in DuckDB, the slow and obvious way: expand every user to every month and to
-- every period of the cohort, join the events, add up. Written from the definitions of the tables
-- alone.
--
-- Given: events (user_id, day, instant, id, active, amount, country, plan, platform), the day being
-- the local one and the amount a DECIMAL(38, 4), and run (log_start, as_of, history_starts). There is
-- one retention question, default: cohort first, any event a start, 30 days, 12 weeks, 6 months, weeks
-- from Monday. Given, too: the macros of wilson.sql.

-- Whole ten-thousandths throughout, as DuckDB divides a DECIMAL into a DOUBLE.
CREATE MACRO tenthousandths(money) AS (money * 10000)::HUGEINT;

CREATE MACRO half_up(quotient, remainder, n) AS CASE
  WHEN 2 * remainder >= n THEN quotient + 1 ELSE quotient END;

-- The same for both signs, so that // need not be known to round down or towards zero.
CREATE MACRO per_user(money, n) AS (if(money < 0, -1, 1)
  * half_up(tenthousandths(abs(money)) // n, tenthousandths(abs(money)) % n, n)
  )::DECIMAL(34, 0) * 0.0001::DECIMAL(4, 4);

CREATE TABLE known AS SELECT events.* FROM events, run WHERE day <= as_of;

CREATE TABLE users AS
SELECT user_id, arg_min(day, instant) AS birth FROM known GROUP BY user_id;

CREATE TABLE months AS
SELECT period_start, period_end, (period_start - INTERVAL 1 MONTH)::DATE AS previous_start,
  least(period_end - 1, as_of) AS last_known
FROM run CROSS JOIN (
  SELECT month::DATE AS period_start, (month + INTERVAL 1 MONTH)::DATE AS period_end
  FROM run, unnest(generate_series(
    date_trunc('month', log_start), date_trunc('month', as_of), INTERVAL 1 MONTH)) m(month));

CREATE TABLE said AS
SELECT user_id, day, instant, id, 'country' AS segment, country AS value FROM known
UNION ALL SELECT user_id, day, instant, id, 'plan', plan FROM known
UNION ALL SELECT user_id, day, instant, id, 'platform', platform FROM known;

-- The value of every user in every dimension as of the days that matter.
CREATE TABLE members AS
SELECT d.user_id, d.day, s.segment,
  coalesce(
    (SELECT said.value FROM said
      WHERE said.user_id = d.user_id AND said.segment = s.segment AND said.day <= d.day
        AND said.value IS NOT NULL
      ORDER BY said.day DESC, said.instant DESC, said.id DESC NULLS LAST, said.value DESC LIMIT 1),
    '(unknown)') AS segment_value
FROM (SELECT user_id, last_known AS day FROM users CROSS JOIN months
    UNION SELECT user_id, birth FROM users) d
  CROSS JOIN (VALUES ('country'), ('plan'), ('platform')) s(segment)
UNION ALL
SELECT user_id, day, '(all)', '(all)'
FROM (SELECT user_id, last_known AS day FROM users CROSS JOIN months
    UNION SELECT user_id, birth FROM users);

-- revenue_retention

CREATE TABLE spent AS
SELECT u.user_id, m.period_start, m.previous_start, m.last_known,
  coalesce(sum(k.amount), 0)::DECIMAL(38, 4) AS v
FROM users u CROSS JOIN months m
  LEFT JOIN known k
    ON k.user_id = u.user_id AND k.day >= m.period_start AND k.day < m.period_end
GROUP BY ALL;

-- Each user in each month, under the value as of the last day that is known of it.
CREATE TABLE payers AS
SELECT s.period_start, m.segment, m.segment_value, s.user_id, s.v,
  greatest(s.v, 0)::DECIMAL(38, 4) AS now,
  greatest(coalesce(b.v, 0), 0)::DECIMAL(38, 4) AS before,
  EXISTS (SELECT 1 FROM spent e
    WHERE e.user_id = s.user_id AND e.period_start < s.period_start AND e.v > 0) AS paid_earlier
FROM spent s
  JOIN members m ON m.user_id = s.user_id AND m.day = s.last_known
  LEFT JOIN spent b ON b.user_id = s.user_id AND b.period_start = s.previous_start;

CREATE TABLE sums AS
SELECT period_start, segment, segment_value,
  sum(v) AS revenue,
  sum(before) AS opening,
  sum(now) FILTER (before = 0 AND now > 0 AND NOT paid_earlier) AS new,
  sum(now - before) FILTER (before > 0 AND now > before) AS expansion,
  sum(before - now) FILTER (before > 0 AND now > 0 AND now < before) AS contraction,
  sum(before) FILTER (before > 0 AND now = 0) AS churned,
  sum(now) FILTER (before = 0 AND now > 0 AND paid_earlier) AS reactivation,
  sum(now) AS closing,
  sum(-v) FILTER (v < 0) AS net_refunds,
  sum(least(now, before)) FILTER (before > 0) AS gross_kept,
  sum(now) FILTER (before > 0) AS net_kept,
  count(*) FILTER (before > 0) AS opening_users,
  count(*) FILTER (before > 0 AND now > 0) AS kept_users,
  count(*) FILTER (before > 0 AND now > before) AS expanded_users,
  count(*) FILTER (before > 0 AND now > 0 AND now < before) AS contracted_users,
  count(*) FILTER (before > 0 AND now = 0) AS lost_users,
  count(*) FILTER (before = 0 AND now > 0 AND NOT paid_earlier) AS new_users,
  count(*) FILTER (before = 0 AND now > 0 AND paid_earlier) AS reactivated_users,
  count(*) FILTER (now > 0) AS closing_users,
  count(*) FILTER (v < 0) AS refunded_users
FROM payers GROUP BY ALL;

-- The squares are those of what each user is off the ratio: a difference of sums of squares would
-- lose the digits of a small one.
CREATE TABLE errors AS
SELECT p.period_start, p.segment, p.segment_value,
  sqrt(count(*) * sum(pow(
      least(p.now, p.before)::DOUBLE
        - s.gross_kept::DOUBLE / s.opening::DOUBLE * p.before::DOUBLE, 2)) / (count(*) - 1))
    / any_value(s.opening)::DOUBLE AS gross_error,
  sqrt(count(*) * sum(pow(
      p.now::DOUBLE - s.net_kept::DOUBLE / s.opening::DOUBLE * p.before::DOUBLE, 2))
      / (count(*) - 1))
    / any_value(s.opening)::DOUBLE AS net_error
FROM payers p JOIN sums s USING (period_start, segment, segment_value)
WHERE p.before > 0
GROUP BY ALL HAVING count(*) >= 10;

-- A value has no row before the first month in which it has anybody, the whole has none if nobody is
-- ever in it.
CREATE TABLE value_months AS
SELECT m.*, v.segment, v.segment_value
FROM months m JOIN (
    SELECT segment, segment_value,
      if(segment = '(all)', date_trunc('month', min(log_start))::DATE, min(period_start)) AS first
    FROM payers, run WHERE before > 0 OR now > 0 OR v < 0
    GROUP BY segment, segment_value) v
  ON m.period_start >= v.first;

CREATE TABLE movements AS
SELECT v.period_start, v.period_end, v.segment, v.segment_value,
  v.period_end <= as_of + 1 AS is_complete,
  v.period_start >= log_start AS begins_in_log,
  v.period_start >= history_starts AS birth_observed,
  history_starts <= log_start OR v.previous_start >= log_start AS is_previous_known,
  coalesce(s.revenue, 0)::DECIMAL(38, 4) AS revenue,
  coalesce(s.opening, 0)::DECIMAL(38, 4) AS opening,
  coalesce(s.new, 0)::DECIMAL(38, 4) AS new,
  coalesce(s.expansion, 0)::DECIMAL(38, 4) AS expansion,
  coalesce(s.contraction, 0)::DECIMAL(38, 4) AS contraction,
  coalesce(s.churned, 0)::DECIMAL(38, 4) AS churned,
  coalesce(s.reactivation, 0)::DECIMAL(38, 4) AS reactivation,
  coalesce(s.closing, 0)::DECIMAL(38, 4) AS closing,
  coalesce(s.net_refunds, 0)::DECIMAL(38, 4) AS net_refunds,
  (coalesce(s.opening, 0) - coalesce(b.closing, 0))::DECIMAL(38, 4) AS net_moved,
  s.gross_kept, s.net_kept,
  -- Where all have kept the same share there is no interval; what is left of rounding is no error.
  if(e.gross_error > 1e-12, e.gross_error, NULL) AS gross_error,
  if(e.net_error > 1e-12, e.net_error, NULL) AS net_error,
  coalesce(s.opening_users, 0) AS opening_users,
  coalesce(s.kept_users, 0) AS kept_users,
  coalesce(s.expanded_users, 0) AS expanded_users,
  coalesce(s.contracted_users, 0) AS contracted_users,
  coalesce(s.lost_users, 0) AS lost_users,
  coalesce(s.new_users, 0) AS new_users,
  coalesce(s.reactivated_users, 0) AS reactivated_users,
  coalesce(s.closing_users, 0) AS closing_users,
  coalesce(s.refunded_users, 0) AS refunded_users
FROM run CROSS JOIN value_months v
  LEFT JOIN sums s USING (period_start, segment, segment_value)
  LEFT JOIN errors e USING (period_start, segment, segment_value)
  LEFT JOIN sums b
    ON b.period_start = v.previous_start AND b.segment = v.segment
      AND b.segment_value = v.segment_value;

CREATE TABLE rates AS
SELECT *,
  is_complete AND is_previous_known AS is_outcome_known,
  if(is_complete AND is_previous_known AND opening > 0,
    gross_kept::DOUBLE / opening::DOUBLE, NULL) AS gross_rate,
  if(is_complete AND is_previous_known AND opening > 0,
    net_kept::DOUBLE / opening::DOUBLE, NULL) AS net_rate
FROM movements;

CREATE TABLE revenue_retention AS
SELECT period_start, period_end, segment, segment_value, 'as_of' AS segment_basis,
  revenue,
  if(is_previous_known, opening, NULL) AS opening,
  if(is_complete, new, NULL) AS new,
  if(is_outcome_known, expansion, NULL) AS expansion,
  if(is_outcome_known, contraction, NULL) AS contraction,
  if(is_outcome_known, churned, NULL) AS churned,
  if(is_complete, reactivation, NULL) AS reactivation,
  if(is_complete, closing, NULL) AS closing,
  if(is_complete, net_refunds, NULL) AS net_refunds,
  if(is_previous_known, net_moved, NULL) AS net_moved,
  gross_rate AS gross_revenue_retention,
  -- greatest and least pass over a NULL.
  if(gross_rate IS NOT NULL AND gross_error IS NOT NULL,
    greatest(gross_rate - 1.959963984540054::DOUBLE * gross_error, 0), NULL) AS gross_ci_low,
  if(gross_rate IS NOT NULL AND gross_error IS NOT NULL,
    least(gross_rate + 1.959963984540054::DOUBLE * gross_error, 1), NULL) AS gross_ci_high,
  net_rate AS net_revenue_retention,
  if(net_rate IS NOT NULL AND net_error IS NOT NULL,
    greatest(net_rate - 1.959963984540054::DOUBLE * net_error, 0), NULL) AS net_ci_low,
  if(net_rate IS NOT NULL AND net_error IS NOT NULL,
    net_rate + 1.959963984540054::DOUBLE * net_error, NULL) AS net_ci_high,
  if(is_previous_known, opening_users, NULL) AS opening_users,
  if(is_outcome_known, kept_users, NULL) AS kept_users,
  if(is_outcome_known, expanded_users, NULL) AS expanded_users,
  if(is_outcome_known, contracted_users, NULL) AS contracted_users,
  if(is_outcome_known, lost_users, NULL) AS lost_users,
  if(is_complete, new_users + reactivated_users, NULL) AS won_users,
  if(is_complete, new_users, NULL) AS new_users,
  if(is_complete, reactivated_users, NULL) AS reactivated_users,
  if(is_complete, closing_users, NULL) AS closing_users,
  if(is_complete, refunded_users, NULL) AS refunded_users,
  if(is_outcome_known AND opening_users > 0, kept_users / opening_users, NULL)
    AS user_retention_rate,
  if(is_outcome_known, wilson_low(kept_users, opening_users), NULL) AS ci_low,
  if(is_outcome_known, wilson_high(kept_users, opening_users), NULL) AS ci_high,
  is_complete, begins_in_log, birth_observed
FROM rates;

-- revenue_cohorts

CREATE TABLE grains AS
SELECT * FROM (VALUES
  ('day', INTERVAL 1 DAY, 30), ('week', INTERVAL 7 DAY, 12), ('month', INTERVAL 1 MONTH, 6))
  g(grain, step, horizon);

-- Each user in each period of the cohort, under the value as of the birth day.
CREATE TABLE lives AS
SELECT g.grain, m.segment, m.segment_value, u.user_id, u.birth,
  date_trunc(g.grain, u.birth)::DATE AS cohort_start,
  k.period::INT AS period,
  (date_trunc(g.grain, u.birth) + k.period * g.step)::DATE AS period_start,
  (date_trunc(g.grain, u.birth) + (k.period + 1) * g.step)::DATE AS period_end
FROM users u JOIN members m ON m.user_id = u.user_id AND m.day = u.birth
  CROSS JOIN grains g
  JOIN range(0, 31) k(period) ON k.period <= g.horizon;

CREATE TABLE earned AS
SELECT l.*,
  coalesce(sum(k.amount) FILTER (k.day >= l.period_start), 0)::DECIMAL(38, 4) AS amount,
  coalesce(sum(k.amount), 0)::DECIMAL(38, 4) AS cumulative_amount
FROM lives l
  LEFT JOIN known k ON k.user_id = l.user_id AND k.day >= l.birth AND k.day < l.period_end
GROUP BY ALL;

CREATE TABLE cells AS
SELECT grain, segment, segment_value, cohort_start, period, period_start, period_end,
  period_end <= as_of + 1 AS is_mature,
  count(*) AS cohort_users,
  sum(amount)::DECIMAL(38, 4) AS revenue,
  sum(cumulative_amount)::DECIMAL(38, 4) AS cumulative_revenue,
  count(*) FILTER (amount > 0) AS paying_users
FROM earned, run GROUP BY ALL;

CREATE TABLE revenue_cohorts AS
SELECT 'default' AS retention, grain, segment, segment_value, 'birth' AS segment_basis,
  cohort_start, period, period_start, period_end, cohort_users,
  if(is_mature, revenue, NULL) AS revenue,
  if(is_mature, cumulative_revenue, NULL) AS cumulative_revenue,
  if(is_mature, per_user(revenue, cohort_users), NULL)::DECIMAL(38, 4) AS revenue_per_user,
  if(is_mature, per_user(cumulative_revenue, cohort_users), NULL)::DECIMAL(38, 4)
    AS cumulative_revenue_per_user,
  if(is_mature, paying_users, NULL) AS paying_users,
  if(is_mature, paying_users / cohort_users, NULL) AS paying_rate,
  if(is_mature, wilson_low(paying_users, cohort_users), NULL) AS ci_low,
  if(is_mature, wilson_high(paying_users, cohort_users), NULL) AS ci_high,
  is_mature, period_end AS matures_on
FROM cells;
