-- The interval of x of n by Wilson's score.

CREATE MACRO wilson_low(x, n) AS CASE
  WHEN n IS NULL OR n = 0 THEN NULL
  WHEN x = 0 THEN 0.0::DOUBLE
  ELSE (x / n + pow(1.959963984540054, 2) / (2 * n)
    - 1.959963984540054 * sqrt(x / n * (1 - x / n) / n + pow(1.959963984540054 / (2 * n), 2)))
    / (1 + pow(1.959963984540054, 2) / n) END;

-- Seen from the other side, the upper bound is a lower one.
CREATE MACRO wilson_high(x, n) AS 1 - wilson_low(n - x, n);
