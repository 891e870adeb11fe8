-- The users of a log: a life, habits and segment values each, all of them functions of the seed.
-- Lives stretch with the days of the log, so that a longer log has the same users on each day.

CREATE MACRO unit(h) AS (h >> 11)::DOUBLE / 9007199254740992;
CREATE MACRO trait(i, number) AS unit(hash(xor(hash(i + 1000000007 * <seed>::BIGINT), number::UBIGINT)));

CREATE TABLE users AS
SELECT i, md5('<seed>-' || i) AS user_id,
  is_heavy,
  if(is_heavy, 0, floor(trait(i, 1) * <days>)::INT) AS birth,
  if(is_heavy, <days>, greatest(1, ceil(-ln(1 - trait(i, 2)) * 0.35 * <days>)))::INT AS life,
  if(is_heavy, 1, 0.05 + 0.7 * pow(trait(i, 3), 2)) AS habit,
  -- Few countries have most users; one user in ten moves once.
  floor(pow(trait(i, 4), 2) * <countries>)::INT AS country,
  if(trait(i, 5) < 0.1, floor(trait(i, 6) * <countries>)::INT, country) AS later_country,
  floor(trait(i, 7) * <days>)::INT AS moves,
  floor(pow(trait(i, 8), 2) * 4)::INT AS platform,
  -- One in four takes turns between two platforms, within a day, too.
  if(trait(i, 9) < 0.25, (platform + 1) % 4, platform) AS other_platform,
  if(trait(i, 10) < 0.02, NULL, floor(pow(trait(i, 11), 3) * 4)::INT) AS plan,
  if(trait(i, 12) < 0.3, plan + 1, plan) AS later_plan,
  floor(trait(i, 13) * <days>)::INT AS upgrades
FROM (SELECT i, <heavy> > 0 AND i = 0 AS is_heavy FROM range(<users>) r(i));
