-- The events of one day, by time. No two events of a user share a time, so that the last one of a
-- day is one and the same for everybody. One event in twelve does not know the plan, one in thirty
-- not the platform.

SELECT user_id,
  make_timestamptz(epoch_us(DATE '<first>' + <day>) + k * slot + (h % slot::UBIGINT)::BIGINT)
    AS event_time,
  format('event_{:02d}', (h >> 20) % 50) AS event_name,
  format('c{:03d}', if(<day> < moves, country, later_country)) AS country,
  CASE WHEN (h >> 5) % 30 = 0 THEN NULL
    ELSE (['web', 'android', 'ios', 'desktop'])[if((h >> 30) % 3 = 0, other_platform, platform) + 1]
    END AS platform,
  CASE WHEN (h >> 40) % 12 = 0 THEN NULL
    ELSE (['free', 'basic', 'plus', 'business', 'enterprise'])[
      if(<day> < upgrades, plan, later_plan) + 1]
    END AS plan,
  format(
    '{{"session":"{:x}","path":"/catalogue/{}/item/{}","agent":"Mozilla/5.0 (X11; Linux x86_64)'
      || ' AppleWebKit/537.36 (KHTML, like Gecko)","variant":"{}"}}',
    h, h % 97, h % 9973, h % 3) AS payload
FROM (
  SELECT *, hash(xor(u, k::UBIGINT)) AS h
  FROM (
    SELECT *, 86400000000 // n AS slot, unnest(range(n)) AS k
    FROM (
      SELECT *,
        if(is_heavy, <heavy>, 1 + floor(-ln(1 - unit(hash(xor(u, 777)))) * 2.08)::BIGINT) AS n
      FROM (SELECT *, hash(i * 100000 + <day> + 1000003 * <seed>::BIGINT) AS u FROM users)
      WHERE birth <= <day> AND <day> < birth + life AND (birth = <day> OR unit(u) < habit))))
ORDER BY event_time, user_id
