-- The table virality in DuckDB, the slow and obvious way: put every event under its week and its
-- month, look up what became of the user, count under every period and segment. Written from the
-- definitions of the table alone.
--
-- Given: events (user_id, day, instant, id, active, amount, country, plan, platform, kinds,
-- support, product), the day being the local one and the kinds the names of its activities,
-- separated by one space, or '-', and run (log_start, as_of, history_starts). Weeks begin on
-- Monday.

CREATE TABLE known AS SELECT events.* FROM events, run WHERE day <= as_of;

-- An event is of a kind or is not, so that one that names a kind twice counts once.
CREATE MACRO is_of(kinds, kind) AS list_contains(string_split(kinds, ' '), kind);

CREATE TABLE grains AS
SELECT * FROM (VALUES ('week', INTERVAL 7 DAY), ('month', INTERVAL 1 MONTH)) g(grain, step);

-- A user joins once, on the first day that says so.
CREATE TABLE joins AS
SELECT user_id, min(day) AS day FROM known WHERE is_of(kinds, 'joined') GROUP BY user_id;

CREATE TABLE marks AS
SELECT user_id, day, 'active' AS mark FROM known WHERE is_of(kinds, 'active')
UNION ALL SELECT user_id, day, 'invite' FROM known WHERE is_of(kinds, 'invite')
UNION ALL SELECT user_id, day, 'joined' FROM joins;

CREATE TABLE periods AS
SELECT grain, start::DATE AS period_start, (start + step)::DATE AS period_end,
  least((start + step)::DATE - 1, as_of) AS last_known
FROM run CROSS JOIN grains CROSS JOIN (SELECT min(day) AS first_day FROM marks),
  unnest(generate_series(
    date_trunc(grain, first_day), date_trunc(grain, as_of), step)) p(start);

-- Each user in each period in which they did anything that counts.
CREATE TABLE doings AS
SELECT p.grain, p.period_start, p.last_known, m.user_id,
  count(*) FILTER (mark = 'active') > 0 AS is_active,
  count(*) FILTER (mark = 'invite') AS invitations,
  count(*) FILTER (mark = 'joined') > 0 AS is_joined
FROM periods p JOIN marks m ON m.day >= p.period_start AND m.day < p.period_end
GROUP BY p.grain, p.period_start, p.last_known, m.user_id;

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
FROM (SELECT DISTINCT user_id, last_known AS day FROM doings) d
  CROSS JOIN (VALUES ('country'), ('plan'), ('platform')) s(segment)
UNION ALL
SELECT DISTINCT user_id, last_known, '(all)', '(all)' FROM doings;

CREATE TABLE counts AS
SELECT d.grain, d.period_start, m.segment, m.segment_value,
  count(*) FILTER (is_active) AS active_users,
  count(*) FILTER (invitations > 0) AS inviting_users,
  sum(invitations)::BIGINT AS invitations,
  count(*) FILTER (is_joined) AS joined_users
FROM doings d JOIN members m ON m.user_id = d.user_id AND m.day = d.last_known
GROUP BY d.grain, d.period_start, m.segment, m.segment_value;

-- A value has no row before the first period in which anybody under it did anything that counts,
-- and one in every period from then on.
CREATE TABLE period_rows AS
SELECT p.grain, p.period_start, p.period_end, v.segment, v.segment_value,
  coalesce(c.active_users, 0) AS active_users,
  coalesce(c.inviting_users, 0) AS inviting_users,
  coalesce(c.invitations, 0) AS invitations,
  coalesce(c.joined_users, 0) AS joined_users,
  p.period_end <= as_of + 1 AS is_complete,
  p.period_start >= log_start AS begins_in_log
FROM run CROSS JOIN (
    SELECT grain, segment, segment_value, min(period_start) AS first_period
    FROM counts GROUP BY grain, segment, segment_value) v
  JOIN periods p ON p.grain = v.grain AND p.period_start >= v.first_period
  LEFT JOIN counts c
    ON c.grain = p.grain AND c.period_start = p.period_start AND c.segment = v.segment
      AND c.segment_value = v.segment_value;

CREATE TABLE virality AS
SELECT grain, period_start, period_end, segment, segment_value, 'as_of' AS segment_basis,
  active_users, inviting_users, invitations, joined_users,
  if(is_complete AND active_users > 0, invitations / active_users, NULL) AS invitations_per_user,
  if(is_complete AND invitations > 0, joined_users / invitations, NULL) AS conversion,
  if(is_complete AND active_users > 0, joined_users / active_users, NULL) AS k_factor,
  is_complete, begins_in_log
FROM period_rows;
