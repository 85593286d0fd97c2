-- ?1 seed, ?2 limit. Rounds: one sample of every intent, then a second of every intent that has one, and so on, so that the
-- first G samples have all G intents. Which sample of an intent comes first is hashed, so attacks come as often as they are.
-- Within a round the strata (category x attack) are spread as in intake_stratified.sql: any prefix of it has of every stratum
-- its share, one more or less.
INSERT INTO intake_order (position)
WITH round AS (
    SELECT position, intent, seeded_hash(?1, category, attack) AS stratum,
           row_number() OVER (PARTITION BY intent ORDER BY seeded_hash(?1, key), position) AS round
      FROM intake_key
), ranked AS (
    SELECT position, round, stratum,
           row_number() OVER (PARTITION BY round, stratum ORDER BY seeded_hash(?1, intent), position) AS number,
           count(*) OVER (PARTITION BY round, stratum) AS size
      FROM round
)
SELECT position
  FROM ranked
 ORDER BY round, (number - 1 + (seeded_hash(?1, stratum, round) & 0x1fffffffffffff) / 9007199254740992.0) / size, stratum
 LIMIT ?2;
