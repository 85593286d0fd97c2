-- Where samples wait until all have been seen: on disk, gone with the connection.
CREATE TEMP TABLE IF NOT EXISTS intake_sample (
    position INTEGER PRIMARY KEY,                -- as the data set has them, from 1
    intent_id TEXT NOT NULL,
    category TEXT NOT NULL,
    subcategory TEXT NOT NULL,
    attack TEXT NOT NULL,
    expected TEXT NOT NULL,
    twin TEXT,
    split TEXT,
    file TEXT,
    row INTEGER,
    intent TEXT NOT NULL,
    prompt TEXT NOT NULL,
    context TEXT,
    extra_json TEXT NOT NULL
);
-- What ordering and counting need, apart from the long texts. Names of groups are 64-bit hashes; NULL = "(none)".
CREATE TEMP TABLE IF NOT EXISTS intake_key (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    intent INTEGER NOT NULL,
    category INTEGER,
    subcategory INTEGER,
    attack INTEGER
);
CREATE TEMP TABLE IF NOT EXISTS intake_image (
    sample_position INTEGER NOT NULL,
    position INTEGER NOT NULL,
    path TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT,                                 -- NULL = not read yet
    PRIMARY KEY (sample_position, position)
) WITHOUT ROWID;
-- Every sample up to the limit, in the order of dispatch; then what this shard takes of it, numbered again from 1.
CREATE TEMP TABLE IF NOT EXISTS intake_order (place INTEGER PRIMARY KEY, position INTEGER NOT NULL);
CREATE TEMP TABLE IF NOT EXISTS intake_plan (place INTEGER PRIMARY KEY, position INTEGER NOT NULL, sample_id INTEGER);
PRAGMA temp.cache_size = -8192;                  -- heard only when there is a temporary database
DELETE FROM intake_sample;
DELETE FROM intake_key;
DELETE FROM intake_image;
DELETE FROM intake_order;
DELETE FROM intake_plan;
