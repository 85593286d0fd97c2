-- ?1 seed, ?2 limit. A stratum is category x attack.
-- Inside a stratum: one sample of every intent in hashed order, then a second of every intent, …, so that a prefix has
-- as many intents as it can.
-- Between strata: the nth of N samples of a stratum stands at (n - 1 + u) / N of the way, u hashed once per stratum.
-- Any prefix then has of every stratum its share, one more or less (systematic sampling with a random start).
INSERT INTO intake_order (position)
WITH round AS (
    SELECT position, category, attack, intent_id,
           row_number() OVER (PARTITION BY category, attack, intent_id ORDER BY seeded_hash(?1, key), key) AS round
      FROM intake_sample
), ranked AS (
    SELECT position, category, attack,
           row_number() OVER (PARTITION BY category, attack
                              ORDER BY round, seeded_hash(?1, category, attack, intent_id), intent_id) AS number,
           count(*) OVER (PARTITION BY category, attack) AS size
      FROM round
), stratum AS (
    SELECT category, attack, (seeded_hash(?1, category, attack) & 0x1fffffffffffff) / 9007199254740992.0 AS start
      FROM intake_sample GROUP BY category, attack
)
SELECT position
  FROM ranked JOIN stratum USING (category, attack)
 ORDER BY (number - 1 + start) / size, category, attack
 LIMIT ?2;
