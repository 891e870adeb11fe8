-- The tables of funnels in DuckDB, the slow and obvious way: number the events of every user, let
-- every candidate for an entry go on from step to step, choose the entries, count who got where.
-- Written from the definitions of the tables alone.
--
-- Given: events (user_id, day, instant, id, active, amount, country, plan, platform, kinds), the
-- day being the local one, run (log_start, as_of, history_starts), funnels (funnel, step, activity,
-- entry, window_micros), day_starts (day, instant), and the macros of wilson.sql. The entry of a
-- funnel is the same in all its steps: 'first' if users enter at their first event of step 1, 'any'
-- if they enter at the one of all of them that gets furthest.

CREATE TABLE known AS
SELECT row_number() OVER () AS event, events.* FROM events, run WHERE day <= as_of;

-- Everything before this instant is known, nothing from it on.
CREATE TABLE horizon AS
SELECT as_of, instant AS known_until FROM run JOIN day_starts ON day_starts.day = as_of + 1;

CREATE TABLE windows AS
SELECT funnel, max(entry) AS entry, to_microseconds(max(window_micros)) AS length,
  max(step) AS last_step
FROM funnels GROUP BY funnel;

-- The events of a user in their order, once for each step that they match.
CREATE TABLE matches AS
SELECT *, dense_rank() OVER (PARTITION BY funnel, user_id
    ORDER BY day, instant, id NULLS FIRST, lowest_step, highest_step, len(steps), steps, event)
    AS position
FROM (SELECT f.funnel, f.step, k.user_id, k.event, k.day, k.instant, k.id,
    min(f.step) OVER (PARTITION BY f.funnel, k.event) AS lowest_step,
    max(f.step) OVER (PARTITION BY f.funnel, k.event) AS highest_step,
    list(f.step) OVER (PARTITION BY f.funnel, k.event ORDER BY f.step
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS steps
  FROM known k JOIN funnels f ON list_contains(string_split(k.kinds, ' '), f.activity));

-- Where a user may enter, ever, in each month, in each week: at the first event of step 1, or at
-- any of them.
CREATE TABLE candidates AS
SELECT grain, period_start, funnel, user_id, position, day, instant
FROM (SELECT m.*, w.entry, grain, CASE grain WHEN 'month' THEN date_trunc('month', day)
      WHEN 'week' THEN date_trunc('week', day) END::DATE AS period_start
    FROM matches m JOIN windows w ON w.funnel = m.funnel
      CROSS JOIN (VALUES ('ever'), ('month'), ('week')) g(grain)
    WHERE step = 1)
QUALIFY entry = 'any'
  OR row_number() OVER (PARTITION BY grain, period_start, funnel, user_id ORDER BY position) = 1;

CREATE TABLE reached AS
WITH RECURSIVE going AS (
  SELECT DISTINCT funnel, user_id, position AS entered, instant AS entered_at, 1 AS step,
    position, instant
  FROM candidates
  UNION ALL
  SELECT g.funnel, g.user_id, g.entered, g.entered_at, m.step, min(m.position),
    arg_min(m.instant, m.position)
  FROM going g JOIN windows w ON w.funnel = g.funnel
    JOIN matches m
      ON m.funnel = g.funnel AND m.user_id = g.user_id AND m.step = g.step + 1
        AND m.position > g.position AND m.instant <= g.entered_at + w.length
  GROUP BY g.funnel, g.user_id, g.entered, g.entered_at, m.step)
SELECT * FROM going;

CREATE TABLE furthest AS
SELECT funnel, user_id, entered, step, position FROM reached
QUALIFY row_number() OVER (PARTITION BY funnel, user_id, entered ORDER BY step DESC) = 1;

-- Of the candidates the one that gets furthest, there first, having entered last. Whether another
-- of them outdoes it is known once the window of the last one is over.
CREATE TABLE entries AS
SELECT c.*,
  arg_max(c.instant, c.position) OVER (PARTITION BY c.grain, c.period_start, c.funnel, c.user_id)
    AS last_instant
FROM candidates c
  JOIN furthest f
    ON f.funnel = c.funnel AND f.user_id = c.user_id AND f.entered = c.position
QUALIFY row_number() OVER (PARTITION BY c.grain, c.period_start, c.funnel, c.user_id
  ORDER BY f.step DESC, f.position, c.position DESC) = 1;

CREATE TABLE said AS
SELECT user_id, day, instant, id, 'country' AS segment, country AS value FROM known
UNION ALL SELECT user_id, day, instant, id, 'plan', plan FROM known
UNION ALL SELECT user_id, day, instant, id, 'platform', platform FROM known;

CREATE TABLE members AS
SELECT e.user_id, e.day, s.segment,
  coalesce(
    (SELECT said.value FROM said
      WHERE said.user_id = e.user_id AND said.segment = s.segment AND said.day <= e.day
        AND said.value IS NOT NULL
      ORDER BY said.day DESC, said.instant DESC, said.id DESC NULLS LAST, said.value DESC LIMIT 1),
    '(unknown)') AS segment_value
FROM (SELECT DISTINCT user_id, day FROM entries) e
  CROSS JOIN (VALUES ('country'), ('plan'), ('platform')) s(segment)
UNION ALL
SELECT DISTINCT user_id, day, '(all)', '(all)' FROM entries;

-- Each user at each step reached, with what was to come of it.
CREATE TABLE outcomes AS
SELECT e.grain, e.period_start, e.funnel, m.segment, m.segment_value, e.user_id, r.step,
  e.last_instant + w.length < known_until AS is_closed,
  r.step < w.last_step AND n.step IS NULL AS is_stopped,
  -- Of the binary digits the highest eight.
  CASE WHEN taken < 256 THEN greatest(0, taken)
    ELSE taken // (1 << (floor(log2(taken))::INT - 7)) * (1 << (floor(log2(taken))::INT - 7))
    END AS seconds
FROM horizon CROSS JOIN entries e
  JOIN windows w ON w.funnel = e.funnel
  JOIN members m ON m.user_id = e.user_id AND m.day = e.day
  JOIN (SELECT *, (epoch_us(instant) - epoch_us(entered_at)) // 1000000 AS taken FROM reached) r
    ON r.funnel = e.funnel AND r.user_id = e.user_id AND r.entered = e.position
  LEFT JOIN reached n
    ON n.funnel = r.funnel AND n.user_id = r.user_id AND n.entered = r.entered
      AND n.step = r.step + 1;

CREATE TABLE counts AS
SELECT grain, period_start, funnel, segment, segment_value, step,
  count(*) AS users,
  count(*) FILTER (is_stopped AND is_closed) AS dropped,
  count(*) FILTER (is_stopped AND NOT is_closed) AS pending,
  count(*) FILTER (is_closed) AS closed_users,
  (median(seconds) FILTER (is_closed))::DOUBLE AS closed_median_seconds
FROM outcomes GROUP BY ALL;

-- funnel

CREATE TABLE steps AS
SELECT v.funnel, v.segment, v.segment_value, f.step, f.activity,
  coalesce(c.users, 0) AS users,
  coalesce(c.dropped, 0) AS dropped,
  coalesce(c.pending, 0) AS pending,
  coalesce(c.closed_users, 0) AS closed_users,
  closed_median_seconds
FROM (SELECT DISTINCT funnel, segment, segment_value FROM counts WHERE grain = 'ever') v
  JOIN funnels f ON f.funnel = v.funnel
  LEFT JOIN counts c
    ON c.grain = 'ever' AND c.funnel = v.funnel AND c.segment = v.segment
      AND c.segment_value = v.segment_value AND c.step = f.step;

CREATE TABLE funnel AS
SELECT s.funnel, s.segment, s.segment_value, 'as_of' AS segment_basis, s.step, s.activity,
  s.users, s.dropped, s.pending,
  s.dropped > 0 AND row_number() OVER (PARTITION BY s.funnel, s.segment, s.segment_value
    ORDER BY s.dropped DESC, s.step) = 1 AS is_largest_drop,
  s.closed_users,
  p.closed_users AS closed_previous_users,
  e.closed_users AS closed_entered_users,
  if(p.closed_users > 0, s.closed_users / p.closed_users, NULL) AS step_conversion,
  wilson_low(s.closed_users, p.closed_users) AS step_ci_low,
  wilson_high(s.closed_users, p.closed_users) AS step_ci_high,
  if(e.closed_users > 0, s.closed_users / e.closed_users, NULL) AS overall_conversion,
  wilson_low(s.closed_users, e.closed_users) AS ci_low,
  wilson_high(s.closed_users, e.closed_users) AS ci_high,
  s.closed_median_seconds AS median_seconds
FROM steps s
  JOIN steps e
    ON e.funnel = s.funnel AND e.segment = s.segment AND e.segment_value = s.segment_value
      AND e.step = 1
  LEFT JOIN steps p
    ON p.funnel = s.funnel AND p.segment = s.segment AND p.segment_value = s.segment_value
      AND p.step = s.step - 1;

-- funnel_periods

CREATE TABLE periods AS
SELECT DISTINCT 'month' AS grain, date_trunc('month', day)::DATE AS period_start,
  (date_trunc('month', day) + INTERVAL 1 MONTH)::DATE AS period_end
FROM day_starts, run WHERE day <= as_of
UNION ALL
SELECT DISTINCT 'week', date_trunc('week', day)::DATE,
  (date_trunc('week', day) + INTERVAL 7 DAY)::DATE
FROM day_starts, run WHERE day <= as_of;

CREATE TABLE funnel_ends AS
SELECT w.funnel, p.*, s.instant + w.length <= known_until AS is_mature,
  (SELECT min(d.day) FROM day_starts d WHERE d.instant >= s.instant + w.length) AS matures_on
FROM horizon CROSS JOIN windows w CROSS JOIN periods p
  JOIN day_starts s ON s.day = p.period_end;

CREATE TABLE period_steps AS
SELECT t.funnel, t.grain, t.period_start, t.period_end, v.segment, v.segment_value,
  f.step, f.activity, t.is_mature, t.matures_on,
  coalesce(c.users, 0) AS users,
  coalesce(c.dropped, 0) AS dropped,
  coalesce(c.pending, 0) AS pending
FROM (SELECT funnel, grain, segment, segment_value, min(period_start) AS first_period
    FROM counts WHERE grain <> 'ever' GROUP BY ALL) v
  JOIN funnel_ends t
    ON t.funnel = v.funnel AND t.grain = v.grain AND t.period_start >= v.first_period
  JOIN funnels f ON f.funnel = v.funnel
  LEFT JOIN counts c
    ON c.grain = t.grain AND c.period_start = t.period_start AND c.funnel = v.funnel
      AND c.segment = v.segment AND c.segment_value = v.segment_value AND c.step = f.step;

CREATE TABLE period_rows AS
SELECT s.*, p.users AS previous_users, e.users AS entered_users
FROM period_steps s
  JOIN period_steps e
    ON e.funnel = s.funnel AND e.grain = s.grain AND e.period_start = s.period_start
      AND e.segment = s.segment AND e.segment_value = s.segment_value AND e.step = 1
  LEFT JOIN period_steps p
    ON p.funnel = s.funnel AND p.grain = s.grain AND p.period_start = s.period_start
      AND p.segment = s.segment AND p.segment_value = s.segment_value AND p.step = s.step - 1;

CREATE TABLE funnel_periods AS
SELECT funnel, grain, period_start, period_end, segment, segment_value, 'as_of' AS segment_basis,
  step, activity, users, dropped, pending, previous_users, entered_users,
  if(is_mature AND previous_users > 0, users / previous_users, NULL) AS step_conversion,
  if(is_mature, wilson_low(users, previous_users), NULL) AS step_ci_low,
  if(is_mature, wilson_high(users, previous_users), NULL) AS step_ci_high,
  if(is_mature AND entered_users > 0, users / entered_users, NULL) AS overall_conversion,
  if(is_mature, wilson_low(users, entered_users), NULL) AS ci_low,
  if(is_mature, wilson_high(users, entered_users), NULL) AS ci_high,
  is_mature, matures_on
FROM period_rows;
