-- ?1 seed, ?2 limit. A stratum is category x attack.
-- Inside a stratum: one sample of every intent in hashed order, then a second of every intent, …, so that a prefix has
-- as many intents as it can.
-- Between strata: the nth of N samples of a stratum stands at (n - 1 + u) / N of the way, u hashed once per stratum.
-- Any prefix then has of every stratum its share, one more or less (systematic sampling with a random start).
INSERT INTO intake_order (position)
WITH hashed AS (
    SELECT position, intent, seeded_hash(?1, category, attack) AS stratum, seeded_hash(?1, key) AS hash FROM intake_key
), round AS (
    SELECT position, stratum, seeded_hash(?1, stratum, intent) AS intent,
           row_number() OVER (PARTITION BY stratum, intent ORDER BY hash, position) AS round
      FROM hashed
), ranked AS (
    SELECT position, stratum,
           row_number() OVER (PARTITION BY stratum ORDER BY round, intent, position) AS number,
           count(*) OVER (PARTITION BY stratum) AS size
      FROM round
)
SELECT position
  FROM ranked
 ORDER BY (number - 1 + (stratum & 0x1fffffffffffff) / 9007199254740992.0) / size, stratum
 LIMIT ?2;
