-- The table nps in DuckDB, the slow and obvious way: choose the answer of every user, day and
-- touchpoint, look up what became of the user, count under every period and segment. Written from the
-- definitions of the table alone.
--
-- Given: events (user_id, day, instant, id, active, amount, country, plan, platform, kinds, support,
-- product), the day being the local one and the last two the scores of an answer at the touchpoint of
-- that name, run (log_start, as_of, history_starts), rule (inactive_days, churn_days), and the macros
-- of wilson.sql.

-- How far the interval of the score reaches to either side: adjusted Wald (Rocks 2016).
CREATE MACRO score_margin(p, q, n) AS 1.959963984540054 * sqrt((p + q - pow(p - q, 2)) / n);

CREATE TABLE known AS SELECT events.* FROM events, run WHERE day <= as_of;

-- The last score of the day, of several at one instant the greatest.
CREATE TABLE answers AS
SELECT user_id, day, touchpoint, CASE
    WHEN score >= 9 THEN 'promoter'
    WHEN score >= 7 THEN 'passive'
    ELSE 'detractor' END AS kind
FROM (SELECT user_id, day, instant, id, 'support' AS touchpoint, support AS score FROM known
  UNION ALL SELECT user_id, day, instant, id, 'product', product FROM known)
WHERE score IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY user_id, day, touchpoint
  ORDER BY instant DESC, id DESC NULLS LAST, score DESC) = 1;

CREATE TABLE active_days AS SELECT DISTINCT user_id, day FROM known WHERE active;

-- A spell goes from a day that has no active one close before it to the next that has none close
-- after it. As long as the day of its churn is not known, that is at infinity.
CREATE TABLE spells AS
SELECT user_id, start, CASE
    WHEN last + inactive_days + 1 <= as_of + 1 THEN last + inactive_days + 1
    WHEN EXISTS (SELECT 1 FROM active_days a WHERE a.user_id = s.user_id AND a.day > s.last)
      THEN last + inactive_days + 1
    ELSE 'infinity'::DATE END AS churn
FROM run CROSS JOIN rule CROSS JOIN (
  SELECT f.user_id, f.day AS start, min(l.day) AS last
  FROM (SELECT * FROM active_days d, rule WHERE NOT EXISTS (
      SELECT 1 FROM active_days a
      WHERE a.user_id = d.user_id AND a.day < d.day AND d.day - a.day <= inactive_days)) f
    JOIN (SELECT * FROM active_days d, rule WHERE NOT EXISTS (
      SELECT 1 FROM active_days a
      WHERE a.user_id = d.user_id AND a.day > d.day AND a.day - d.day <= inactive_days)) l
    ON l.user_id = f.user_id AND l.day >= f.day
  GROUP BY f.user_id, f.day) s;

CREATE TABLE outcomes AS
SELECT a.*,
  EXISTS (SELECT 1 FROM spells s
    WHERE s.user_id = a.user_id AND s.start <= a.day AND a.day < s.churn) AS is_followed,
  EXISTS (SELECT 1 FROM spells s
    WHERE s.user_id = a.user_id AND s.start <= a.day AND a.day < s.churn
      AND s.churn <= a.day + churn_days) AS is_churned
FROM answers a, rule;

CREATE TABLE said AS
SELECT user_id, day, instant, id, 'country' AS segment, country AS value FROM known
UNION ALL SELECT user_id, day, instant, id, 'plan', plan FROM known
UNION ALL SELECT user_id, day, instant, id, 'platform', platform FROM known;

CREATE TABLE members AS
SELECT a.user_id, a.day, s.segment,
  coalesce(
    (SELECT said.value FROM said
      WHERE said.user_id = a.user_id AND said.segment = s.segment AND said.day <= a.day
        AND said.value IS NOT NULL
      ORDER BY said.day DESC, said.instant DESC, said.id DESC NULLS LAST, said.value DESC LIMIT 1),
    '(unknown)') AS segment_value
FROM (SELECT DISTINCT user_id, day FROM answers) a
  CROSS JOIN (VALUES ('country'), ('plan'), ('platform')) s(segment)
UNION ALL
SELECT DISTINCT user_id, day, '(all)', '(all)' FROM answers;

CREATE TABLE grains AS
SELECT * FROM (VALUES ('month', INTERVAL 1 MONTH), ('quarter', INTERVAL 3 MONTH)) g(grain, step);

-- Each answer at its own touchpoint and once more at all of them, in each grain and segment.
CREATE TABLE placed AS
SELECT g.grain, date_trunc(g.grain, o.day)::DATE AS period_start, m.segment, m.segment_value,
  t.touchpoint, o.kind, o.is_followed, o.is_churned
FROM outcomes o
  JOIN members m ON m.user_id = o.user_id AND m.day = o.day
  JOIN (VALUES ('support', 'support'), ('product', 'product'),
      ('(all)', 'support'), ('(all)', 'product')) t(touchpoint, answered_at)
    ON t.answered_at = o.touchpoint
  CROSS JOIN grains g;

CREATE TABLE counts AS
SELECT grain, period_start, segment, segment_value, touchpoint,
  count(*) AS answers,
  count(*) FILTER (kind = 'promoter') AS promoters,
  count(*) FILTER (kind = 'passive') AS passives,
  count(*) FILTER (kind = 'detractor') AS detractors,
  count(*) FILTER (kind = 'promoter' AND is_followed) AS promoters_followed,
  count(*) FILTER (kind = 'promoter' AND is_churned) AS promoters_churned,
  count(*) FILTER (kind = 'passive' AND is_followed) AS passives_followed,
  count(*) FILTER (kind = 'passive' AND is_churned) AS passives_churned,
  count(*) FILTER (kind = 'detractor' AND is_followed) AS detractors_followed,
  count(*) FILTER (kind = 'detractor' AND is_churned) AS detractors_churned
FROM placed GROUP BY ALL;

CREATE TABLE periods AS
SELECT grain, start::DATE AS period_start, (start + step)::DATE AS period_end
FROM run CROSS JOIN grains CROSS JOIN (SELECT min(day) AS first_day FROM answers),
  unnest(generate_series(
    date_trunc(grain, first_day), date_trunc(grain, as_of), step)) p(start);

CREATE TABLE ends AS
SELECT p.*,
  period_end <= as_of + 1 AS is_complete,
  period_start >= log_start AS begins_in_log,
  period_end - 1 + churn_days <= as_of AS is_mature,
  period_end - 1 + churn_days AS matures_on
FROM periods p CROSS JOIN run CROSS JOIN rule;

CREATE TABLE period_rows AS
SELECT e.*, v.segment, v.segment_value, v.touchpoint,
  coalesce(c.answers, 0) AS answers,
  coalesce(c.promoters, 0) AS promoters,
  coalesce(c.passives, 0) AS passives,
  coalesce(c.detractors, 0) AS detractors,
  (coalesce(c.promoters, 0) + 0.75::DOUBLE) / (coalesce(c.answers, 0) + 3) AS p,
  (coalesce(c.detractors, 0) + 0.75::DOUBLE) / (coalesce(c.answers, 0) + 3) AS q,
  if(is_mature, coalesce(c.promoters_followed, 0), NULL) AS promoters_followed,
  if(is_mature, coalesce(c.promoters_churned, 0), NULL) AS promoters_churned,
  if(is_mature, coalesce(c.passives_followed, 0), NULL) AS passives_followed,
  if(is_mature, coalesce(c.passives_churned, 0), NULL) AS passives_churned,
  if(is_mature, coalesce(c.detractors_followed, 0), NULL) AS detractors_followed,
  if(is_mature, coalesce(c.detractors_churned, 0), NULL) AS detractors_churned
FROM (SELECT grain, segment, segment_value, touchpoint, min(period_start) AS first_period
    FROM counts GROUP BY ALL) v
  JOIN ends e ON e.grain = v.grain AND e.period_start >= v.first_period
  LEFT JOIN counts c
    ON c.grain = v.grain AND c.period_start = e.period_start AND c.segment = v.segment
      AND c.segment_value = v.segment_value AND c.touchpoint = v.touchpoint;

CREATE TABLE nps AS
SELECT grain, period_start, period_end, segment, segment_value, 'as_of' AS segment_basis,
  touchpoint, answers, promoters, passives, detractors,
  if(answers > 0, 100 * (promoters - detractors) / answers, NULL) AS score,
  if(answers > 0, least(100 * (promoters - detractors) / answers,
    greatest(100 * (p - q - score_margin(p, q, answers + 3)), -100)), NULL)
    AS score_ci_low,
  if(answers > 0, greatest(100 * (promoters - detractors) / answers,
    least(100 * (p - q + score_margin(p, q, answers + 3)), 100)), NULL)
    AS score_ci_high,
  promoters_followed, promoters_churned,
  if(promoters_followed > 0, promoters_churned / promoters_followed, NULL) AS promoters_churn_rate,
  wilson_low(promoters_churned, promoters_followed) AS promoters_churn_ci_low,
  wilson_high(promoters_churned, promoters_followed) AS promoters_churn_ci_high,
  passives_followed, passives_churned,
  if(passives_followed > 0, passives_churned / passives_followed, NULL) AS passives_churn_rate,
  wilson_low(passives_churned, passives_followed) AS passives_churn_ci_low,
  wilson_high(passives_churned, passives_followed) AS passives_churn_ci_high,
  detractors_followed, detractors_churned,
  if(detractors_followed > 0, detractors_churned / detractors_followed, NULL)
    AS detractors_churn_rate,
  wilson_low(detractors_churned, detractors_followed) AS detractors_churn_ci_low,
  wilson_high(detractors_churned, detractors_followed) AS detractors_churn_ci_high,
  is_complete, begins_in_log, is_mature, matures_on
FROM period_rows;
