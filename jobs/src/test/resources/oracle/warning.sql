-- The tables of early warning in DuckDB, the slow and obvious way: put every user to every reference
-- day, look at the days before it, count those who were like it in the months before. Written from
-- the definitions of the tables alone.
--
-- Given: events (user_id, day, instant, id, active, amount, country, plan, platform), the day being
-- the local one, run (log_start, as_of, history_starts), rule (inactive_days), stages (position, name,
-- from_month), and the macros of wilson.sql.

CREATE TABLE known AS SELECT events.* FROM events, run WHERE day <= as_of;

CREATE TABLE actives AS
SELECT user_id, day, (day - lag(day) OVER (PARTITION BY user_id ORDER BY day))::INT AS gap
FROM (SELECT DISTINCT user_id, day FROM known WHERE active);

CREATE TABLE births AS SELECT user_id, min(day) AS birth FROM actives GROUP BY user_id;

-- A spell begins where there is no active day in the inactive_days days before, and lasts to the day
-- before the next one begins; the churn is there once the day it is on has begun.
CREATE TABLE spells AS
SELECT s.user_id, s.day AS spell_start,
  if(max(a.day) + inactive_days + 1 <= as_of + 1, max(a.day) + inactive_days + 1, NULL) AS churn
FROM run CROSS JOIN rule CROSS JOIN (
    SELECT user_id, day, lead(day) OVER (PARTITION BY user_id ORDER BY day) AS next_start
    FROM actives, rule WHERE gap IS NULL OR gap > inactive_days) s
  JOIN actives a
    ON a.user_id = s.user_id AND a.day >= s.day
      AND (s.next_start IS NULL OR a.day < s.next_start)
GROUP BY s.user_id, s.day, inactive_days, as_of;

-- d is the day that begins, all before it is known.
CREATE TABLE reference_days AS
-- Within inactive_days + 1 days the last churn is that of who was active on the day before d: it is
-- there once their last silent day is over.
SELECT d, d + inactive_days AS matures_on, d + inactive_days <= as_of + 1 AS is_mature,
  d = date_trunc('month', d)::DATE AS is_month
FROM run CROSS JOIN rule CROSS JOIN (
  SELECT month::DATE AS d FROM run, unnest(generate_series(
    date_trunc('month', log_start) + INTERVAL 1 MONTH, (as_of + 1)::TIMESTAMP, INTERVAL 1 MONTH))
    m(month)
  UNION SELECT as_of + 1 FROM run);

CREATE TABLE there AS
SELECT d, matures_on, user_id, spell_start, churn IS NOT NULL AND churn <= matures_on AS is_churned
FROM (SELECT r.d, r.matures_on, s.*
    FROM reference_days r JOIN spells s ON s.spell_start < r.d
    QUALIFY row_number() OVER (PARTITION BY r.d, s.user_id ORDER BY s.spell_start DESC) = 1)
WHERE churn IS NULL OR churn > d;

CREATE TABLE learned AS
SELECT n.d, r.d AS r
FROM reference_days n JOIN reference_days r ON r.is_month AND r.d < n.d AND r.matures_on <= n.d
WHERE r.d IN (SELECT d FROM there)
QUALIFY row_number() OVER (PARTITION BY n.d ORDER BY r.d DESC) <= 12;

CREATE TABLE habits AS
SELECT t.d, t.user_id, t.spell_start, t.is_churned, b.birth,
  max(a.day) AS last_active_on,
  (t.d - 1 - max(a.day))::INT AS s,
  quantile_cont(a.gap, 0.5)::DOUBLE AS gap_days_median,
  quantile_cont(a.gap, 0.9)::DOUBLE AS gap_days_p90,
  count(*) AS active_days,
  (count(*) FILTER (a.day >= t.d - 28))::INT AS active_days_28d,
  (count(*) FILTER (a.day >= t.d - 56 AND a.day < t.d - 28))::INT AS active_days_prior_28d,
  (count(*) FILTER (a.day >= t.d - 84))::INT AS active_days_84d
FROM there t JOIN births b USING (user_id)
  JOIN actives a ON a.user_id = t.user_id AND a.day < t.d
GROUP BY t.d, t.user_id, t.spell_start, t.is_churned, b.birth;

-- The month of the calendar reached is one too many where its day is not.
CREATE TABLE tenures AS
SELECT d, user_id, k - if((birth + to_months(k))::DATE > d, 1, 0) AS months
FROM (SELECT d, user_id, birth,
    ((year(d) - year(birth)) * 12 + month(d) - month(birth))::INT AS k FROM habits);

CREATE TABLE states AS
SELECT h.*,
  (SELECT max(position) FROM stages WHERE from_month <= t.months) AS stage,
  least((4 * s) // inactive_days, 4) AS silence,
  coalesce(s > gap_days_p90, false) AS silent_beyond_own_habit,
  2 * active_days_28d < active_days_prior_28d AS declining_use,
  active_days = 1 AND d - birth > 7 AS never_activated,
  d - birth >= 84 AND active_days_84d < 3 AS below_monthly_use
FROM rule CROSS JOIN habits h JOIN tenures t USING (d, user_id);

-- What has become of the users of the learned months, by what they were like.
CREATE TABLE lessons AS
SELECT l.d, stage, silence, silent_beyond_own_habit, declining_use, never_activated,
  below_monthly_use, count(*) AS users, count(*) FILTER (is_churned) AS churned
FROM learned l JOIN states s ON s.d = l.r
GROUP BY ALL;

CREATE TABLE likenesses AS
SELECT s.d, s.user_id,
  sum(l.users) FILTER (is_silence AND is_signs AND is_stage) AS users_1,
  sum(l.churned) FILTER (is_silence AND is_signs AND is_stage) AS churned_1,
  sum(l.users) FILTER (is_silence AND is_signs) AS users_2,
  sum(l.churned) FILTER (is_silence AND is_signs) AS churned_2,
  sum(l.users) FILTER (is_silence) AS users_3,
  sum(l.churned) FILTER (is_silence) AS churned_3,
  sum(l.users) AS users_4,
  sum(l.churned) AS churned_4
FROM states s JOIN lessons l USING (d)
  CROSS JOIN LATERAL (SELECT l.stage = s.stage AS is_stage, l.silence = s.silence AS is_silence,
    l.silent_beyond_own_habit = s.silent_beyond_own_habit
      AND l.declining_use = s.declining_use AND l.never_activated = s.never_activated
      AND l.below_monthly_use = s.below_monthly_use AS is_signs)
GROUP BY ALL;

CREATE TABLE risks AS
SELECT s.*, similar_by,
  (CASE similar_by WHEN 'stage_silence_and_signs' THEN users_1 WHEN 'silence_and_signs' THEN users_2
    WHEN 'silence' THEN users_3 WHEN 'nothing' THEN users_4 END)::BIGINT AS similar_users,
  (CASE similar_by WHEN 'stage_silence_and_signs' THEN churned_1 WHEN 'silence_and_signs' THEN
    churned_2 WHEN 'silence' THEN churned_3 WHEN 'nothing' THEN churned_4 END)::BIGINT
    AS similar_churned_users
FROM states s LEFT JOIN (
    SELECT *, CASE WHEN users_1 >= 30 THEN 'stage_silence_and_signs'
      WHEN users_2 >= 30 THEN 'silence_and_signs'
      WHEN users_3 >= 30 THEN 'silence'
      WHEN users_4 >= 1 THEN 'nothing' END AS similar_by
    FROM likenesses) USING (d, user_id);

-- risk_backtest

CREATE TABLE forecasts AS
SELECT r.*, p.percent,
  (SELECT count(*) FROM learned l WHERE l.d = r.d)::INT AS learned_months,
  (SELECT count(*) FROM risks k WHERE k.d = r.d) AS users,
  (SELECT count(*) FROM risks k WHERE k.d = r.d
    AND k.similar_churned_users * 100 >= p.percent * k.similar_users) AS flagged,
  (SELECT count(*) FROM risks k WHERE k.d = r.d AND k.is_churned) AS churned,
  (SELECT count(*) FROM risks k WHERE k.d = r.d AND k.is_churned
    AND k.similar_churned_users * 100 >= p.percent * k.similar_users) AS flagged_churned
FROM reference_days r
  CROSS JOIN (VALUES (5), (10), (20), (30), (40), (50), (60), (70), (80), (90)) p(percent)
WHERE EXISTS (SELECT 1 FROM risks);

CREATE TABLE outcomes AS
SELECT * EXCLUDE (flagged, churned, flagged_churned),
  if(learned_months > 0, flagged, NULL) AS flagged_users,
  if(is_mature, churned, NULL) AS churned_users,
  if(is_mature AND learned_months > 0, flagged_churned, NULL) AS flagged_churned_users
FROM forecasts;

CREATE TABLE risk_backtest AS
SELECT (d - 1)::DATE AS as_of, '(all)' AS segment, '(all)' AS segment_value, percent::DOUBLE / 100 AS threshold, learned_months, users,
  flagged_users, churned_users, flagged_churned_users,
  if(flagged_users > 0, flagged_churned_users / flagged_users, NULL) AS precision,
  if(flagged_churned_users IS NOT NULL, wilson_low(flagged_churned_users, flagged_users), NULL)
    AS precision_ci_low,
  if(flagged_churned_users IS NOT NULL, wilson_high(flagged_churned_users, flagged_users), NULL)
    AS precision_ci_high,
  if(churned_users > 0, flagged_churned_users / churned_users, NULL) AS recall,
  if(flagged_churned_users IS NOT NULL, wilson_low(flagged_churned_users, churned_users), NULL)
    AS recall_ci_low,
  if(flagged_churned_users IS NOT NULL, wilson_high(flagged_churned_users, churned_users), NULL)
    AS recall_ci_high,
  if(flagged_users > 0 AND churned_users > 0,
    flagged_churned_users / flagged_users / (churned_users / users), NULL) AS lift,
  is_mature, matures_on::DATE AS matures_on
FROM outcomes;

-- at_risk_users

CREATE TABLE said AS
SELECT user_id, day, instant, id, 'country' AS segment, country AS value FROM known
UNION ALL SELECT user_id, day, instant, id, 'plan', plan FROM known
UNION ALL SELECT user_id, day, instant, id, 'platform', platform FROM known;

CREATE TABLE members AS
SELECT b.user_id, s.segment,
  coalesce(
    (SELECT said.value FROM said
      WHERE said.user_id = b.user_id AND said.segment = s.segment AND said.value IS NOT NULL
      ORDER BY said.day DESC, said.instant DESC, said.id DESC NULLS LAST, said.value DESC LIMIT 1),
    '(unknown)') AS segment_value
FROM births b CROSS JOIN (VALUES ('country'), ('plan'), ('platform')) s(segment);

CREATE TABLE at_risk_users AS
SELECT k.user_id AS "user", run.as_of,
  similar_churned_users / similar_users AS risk,
  wilson_low(similar_churned_users, similar_users) AS ci_low,
  wilson_high(similar_churned_users, similar_users) AS ci_high,
  similar_users, similar_churned_users, similar_by,
  concat_ws(',',
    if(silent_beyond_own_habit, 'silent_beyond_own_habit', NULL),
    if(declining_use, 'declining_use', NULL),
    if(never_activated, 'never_activated', NULL),
    if(below_monthly_use, 'below_monthly_use', NULL)) AS reasons,
  g.name AS stage, birth, spell_start, last_active_on, s AS days_since_last_active,
  gap_days_median, gap_days_p90, active_days_28d, active_days_prior_28d, active_days_84d,
  coalesce(
    (SELECT sum(e.amount) FROM known e WHERE e.user_id = k.user_id AND e.day > run.as_of - 364), 0)
    ::DECIMAL(38, 4) AS value_at_risk,
  NULL::INT AS payment_failures, NULL::DATE AS term_ends_on, false AS is_paused,
  c.segment_value AS segment_country, p.segment_value AS segment_plan,
  f.segment_value AS segment_platform
FROM run JOIN risks k ON k.d = run.as_of + 1
  JOIN stages g ON g.position = k.stage
  JOIN members c ON c.user_id = k.user_id AND c.segment = 'country'
  JOIN members p ON p.user_id = k.user_id AND p.segment = 'plan'
  JOIN members f ON f.user_id = k.user_id AND f.segment = 'platform';
