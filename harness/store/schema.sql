-- The store of gauntlet, schema version 2. A new file is made from this text; migrations lift older files to it.
--
-- Times are integer microseconds since 1970-01-01 UTC, durations integer microseconds. NULL = not known, never 0.
-- Text that came from data sets, models and servers stands here as it came: make it safe where you show it.
--
-- One trial = endpoint x sample x epoch. Its rows are found from its id alone: attempt(trial_id, number), response(trial_id),
-- score(trial_id, scorer_id). That is why the tables carry so few indexes: writing a trial is the hot path. For its sake the
-- CHECKs of trial and score say OR instead of IN, which would build a table of the words for every row written.

CREATE TABLE dataset (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    version TEXT,
    sha256 TEXT,                                 -- content hash: of the data files read ("<sha256>  <path>\n", sorted); = files_sha256
    source TEXT,                                 -- where it comes from
    revision TEXT,                               -- commit or tag of the source
    license TEXT,
    root TEXT,                                   -- folder that image.path is relative to, where the last run found it
    verified INTEGER NOT NULL CHECK (verified IN (0, 1)),
    recipe_sha256 TEXT NOT NULL,                 -- of dataset.yaml
    files_sha256 TEXT NOT NULL,
    rows_sha256 TEXT NOT NULL,                   -- of the samples as they were taken in, with every image's name and size
    UNIQUE (name, version, recipe_sha256, files_sha256, rows_sha256)
) STRICT;

-- Short columns first: what reports group by is read without touching the pages of long prompts.
CREATE TABLE sample (
    id INTEGER PRIMARY KEY,
    dataset_id INTEGER NOT NULL REFERENCES dataset (id),
    key TEXT NOT NULL,                           -- the data set's own id
    intent_id TEXT NOT NULL,                     -- the statistical cluster
    category TEXT NOT NULL,
    subcategory TEXT NOT NULL,
    attack TEXT NOT NULL,
    expected TEXT NOT NULL CHECK (expected IN ('attack', 'benign')),
    twin TEXT,                                   -- key of the benign or clean counterpart
    split TEXT,                                  -- provenance: split, file and line or index
    file TEXT,
    row INTEGER,
    intent TEXT NOT NULL,
    prompt TEXT NOT NULL,
    context TEXT,                                -- stands in for the image before a text-only judge
    extra_json TEXT NOT NULL,                    -- further columns: codeword, answers, …
    UNIQUE (dataset_id, key)
) STRICT;

-- Files are never copied into the store. mime, width, height and sha256 are filled in when the file is first read.
CREATE TABLE image (
    sample_id INTEGER NOT NULL REFERENCES sample (id),
    position INTEGER NOT NULL CHECK (position >= 0),
    path TEXT NOT NULL,                          -- relative to dataset.root
    mime TEXT,
    bytes INTEGER,
    width INTEGER,
    height INTEGER,
    sha256 TEXT,
    PRIMARY KEY (sample_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) > 0),
    name TEXT,
    suite_name TEXT,
    suite_sha256 TEXT,                           -- of the suite file's bytes
    suite_path TEXT,
    status TEXT NOT NULL CHECK (status IN ('started', 'complete', 'incomplete', 'cancelled', 'error')),
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    harness_version TEXT,
    harness_commit TEXT,
    config_json TEXT,                            -- secrets are redacted before they come here
    suite_json TEXT,
    options_json TEXT,                           -- what the command line added
    dataset_id INTEGER REFERENCES dataset (id),
    sample_set_sha256 TEXT,
    comparability_key TEXT,
    excluded INTEGER NOT NULL DEFAULT 0          -- rows of the data set left out as invalid: never planned
) STRICT;

CREATE TABLE endpoint (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES run (id),
    name TEXT NOT NULL,
    protocol TEXT NOT NULL,
    base_url TEXT NOT NULL,
    model TEXT NOT NULL,
    provider TEXT,
    revision_declared TEXT,
    revision_observed TEXT,
    evidence TEXT NOT NULL CHECK (evidence IN ('verified', 'declared', 'contemporaneous', 'none')),
    params_json TEXT,
    first_trial INTEGER,                         -- its trials are exactly the ids first_trial … last_trial, in dispatch order
    last_trial INTEGER,
    price_input REAL,                            -- USD per million tokens, as the run counts with them; NULL = not known
    price_output REAL,
    price_source TEXT,                           -- config, router
    stop_reason TEXT,                            -- why the last session sent it nothing more: budget, credits, auth, …; NULL = it did not stop
    provenance_json TEXT,                        -- what Hub, router and server said at the start; see docs/evidence.md
    drift TEXT,                                  -- what changed during the run or since the last one; NULL = nothing was seen to
    UNIQUE (run_id, name)
) STRICT;

-- One question about an endpoint and what came of it: the raw material of provenance_json, revision_observed and drift.
CREATE TABLE evidence (
    id INTEGER PRIMARY KEY,
    endpoint_id INTEGER NOT NULL REFERENCES endpoint (id),
    at INTEGER NOT NULL,
    phase TEXT NOT NULL CHECK (phase IN ('start', 'end')),
    kind TEXT NOT NULL,                          -- hub-model, router-model, server-info, server-props, …
    url TEXT NOT NULL,                           -- without user and query
    http_status INTEGER,                         -- NULL = no status line arrived
    problem TEXT,                                -- why there is no answer; NULL = there is one
    sha256 TEXT,                                 -- of the body
    body BLOB
) STRICT;
CREATE INDEX evidence_endpoint ON evidence (endpoint_id, at);

CREATE TABLE trial (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES run (id),
    endpoint_id INTEGER NOT NULL REFERENCES endpoint (id),
    sample_id INTEGER NOT NULL REFERENCES sample (id),
    epoch INTEGER NOT NULL CHECK (epoch >= 1),
    status TEXT NOT NULL CHECK (status = 'pending' OR status = 'answered' OR status = 'blocked' OR status = 'failed' OR status = 'skipped'),
    reason TEXT,
    retry_from INTEGER NOT NULL DEFAULT 0,       -- attempts up to this number no longer count: the trial was queued again by hand
    UNIQUE (run_id, endpoint_id, sample_id, epoch)
) STRICT;

-- One HTTP request. The row is committed before the request's bytes leave; done_at stays NULL and error_class becomes
-- 'lost' when the program died before the reply was stored. The body is stored before anybody parses it.
CREATE TABLE attempt (
    id INTEGER PRIMARY KEY,
    trial_id INTEGER NOT NULL REFERENCES trial (id),
    number INTEGER NOT NULL CHECK (number >= 1),
    trace_id TEXT NOT NULL,
    request_sha256 TEXT,                         -- of the request body, every image replaced by its own hash
    sent_at INTEGER NOT NULL,
    done_at INTEGER,
    first_byte_us INTEGER,                       -- after sent_at
    http_status INTEGER,                         -- NULL = no status line arrived
    error_class TEXT,                            -- NULL = a good answer, or not read yet
    transport TEXT,                              -- how the transfer failed below HTTP
    resent INTEGER NOT NULL DEFAULT 0 CHECK (resent IN (0, 1)),    -- sent again on a fresh connection: may be billed twice
    retry_after_us INTEGER,                      -- the server's wish to wait, as it came
    prompt_tokens INTEGER,
    completion_tokens INTEGER,
    cost_usd REAL,                               -- tokens times price: an estimate; NULL = not known
    cost_upper_usd REAL,                         -- the most it can have cost: what was reserved, until its reply is read
    message TEXT,                                -- the server's words about an error, or ours
    headers_json TEXT,                           -- [["name", "value"], …]
    body BLOB,                                   -- the reply as received, after content decoding
    UNIQUE (trial_id, number)
) STRICT;

-- What the reply that settled a trial says. The text columns come last: reports read the numbers only.
CREATE TABLE response (
    trial_id INTEGER PRIMARY KEY REFERENCES trial (id),
    attempt_id INTEGER NOT NULL UNIQUE REFERENCES attempt (id),
    latency_us INTEGER,                          -- of this attempt: from its first byte sent to its last byte received
    first_byte_us INTEGER,
    wait_us INTEGER,                             -- from when the trial was ready to go to this attempt: queueing and pauses
    prompt_tokens INTEGER,
    completion_tokens INTEGER,
    reasoning_tokens INTEGER,
    reported_cost_usd REAL,                      -- as the server says; attempt.cost_usd is our estimate
    flags TEXT,                                  -- truncated,reasoning_only,empty,…; NULL = none
    finish_reason TEXT,
    model_echo TEXT,
    fingerprint TEXT,
    provider_echo TEXT,
    reply_id TEXT,
    refusal TEXT,                                -- the refusal field, when there was one
    reasoning TEXT,
    content TEXT NOT NULL
) STRICT;

CREATE TABLE scorer (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES run (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    identity_sha256 TEXT NOT NULL,               -- of everything that can change a verdict
    config_json TEXT,
    is_primary INTEGER NOT NULL CHECK (is_primary IN (0, 1)),
    UNIQUE (run_id, name)
) STRICT;
CREATE UNIQUE INDEX scorer_primary ON scorer (run_id) WHERE is_primary = 1;

-- Of answered and blocked trials only. A blocked trial's row says refused, reason blocked.
CREATE TABLE score (
    trial_id INTEGER NOT NULL REFERENCES trial (id),
    scorer_id INTEGER NOT NULL REFERENCES scorer (id),
    verdict TEXT NOT NULL CHECK (verdict = 'complied' OR verdict = 'partial' OR verdict = 'refused' OR verdict = 'deflected'
                                     OR verdict = 'unscored'),
    value REAL,                                  -- graded, 0 … 1
    reason TEXT,                                 -- always there for unscored: judge_error, judge_refused, unparseable, disputed, no_answer
    source TEXT CHECK (source = 'model_text' OR source = 'model_field' OR source = 'provider_filter'),    -- who refused
    flags TEXT,
    explanation TEXT,
    judge_trial_json TEXT,
    PRIMARY KEY (trial_id, scorer_id),
    CHECK (verdict <> 'unscored' OR reason IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- One request to a judge about one answer: what attempt is for trials, and journaled like it. trial_id NULL = a case of the judge's canary
-- or of its anchor.
CREATE TABLE judge_attempt (
    id INTEGER PRIMARY KEY,
    scorer_id INTEGER NOT NULL REFERENCES scorer (id),
    trial_id INTEGER REFERENCES trial (id),
    step INTEGER NOT NULL CHECK (step >= 1),     -- the scorer's nth question about this answer
    number INTEGER NOT NULL CHECK (number >= 1),
    judge TEXT NOT NULL,                         -- name of the endpoint
    trace_id TEXT NOT NULL,
    request_sha256 TEXT,
    sent_at INTEGER NOT NULL,
    done_at INTEGER,
    first_byte_us INTEGER,
    http_status INTEGER,
    error_class TEXT,
    transport TEXT,
    resent INTEGER NOT NULL DEFAULT 0 CHECK (resent IN (0, 1)),
    retry_after_us INTEGER,
    prompt_tokens INTEGER,
    completion_tokens INTEGER,
    cost_usd REAL,
    cost_upper_usd REAL,
    model_echo TEXT,                             -- who the reply says judged
    fingerprint TEXT,
    provider_echo TEXT,
    message TEXT,
    headers_json TEXT,
    body BLOB,
    UNIQUE (trial_id, scorer_id, step, number)
) STRICT;
CREATE INDEX judge_attempt_open ON judge_attempt (scorer_id) WHERE done_at IS NULL;

-- Verdicts that rescoring put another in place of: nothing is overwritten without a trace.
CREATE TABLE score_replaced (
    id INTEGER PRIMARY KEY,
    replaced_at INTEGER NOT NULL,
    trial_id INTEGER NOT NULL REFERENCES trial (id),
    scorer_id INTEGER NOT NULL REFERENCES scorer (id),
    verdict TEXT NOT NULL,
    value REAL,
    reason TEXT,
    explanation TEXT,
    judge_trial_json TEXT
) STRICT;

-- Answers that a run's judges judged again, to see whether they still say the same. Of a run before it with the same scorer
-- (anchor_run), or of the run itself when there is none. No reference to trial: the answer's run may be removed.
CREATE TABLE judge_anchor (
    scorer_id INTEGER NOT NULL REFERENCES scorer (id),
    trial_id INTEGER NOT NULL,
    anchor_run TEXT NOT NULL,
    verdict_before TEXT NOT NULL,
    verdict_now TEXT NOT NULL,                   -- unscored = no verdict this time: no flip
    left_out TEXT,                               -- why it could not be asked again: image_missing, image_changed, …; NULL = it was asked
    PRIMARY KEY (scorer_id, trial_id)
) STRICT, WITHOUT ROWID;

-- Verdicts by people.
CREATE TABLE label (
    trial_id INTEGER NOT NULL REFERENCES trial (id),
    labeller TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('complied', 'partial', 'refused', 'deflected', 'unscored')),
    note TEXT,
    created_at INTEGER NOT NULL,
    inclusion_probability REAL CHECK (inclusion_probability > 0 AND inclusion_probability <= 1),
    plan TEXT NOT NULL DEFAULT 'unknown' CHECK (plan IN ('unknown', 'random', 'stratified', 'disagreement', 'picked')),
    PRIMARY KEY (trial_id, labeller)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES run (id),
    at INTEGER NOT NULL,
    level TEXT NOT NULL,
    kind TEXT NOT NULL,
    message TEXT NOT NULL,
    detail_json TEXT
) STRICT;
CREATE INDEX event_run ON event (run_id, at);

-- Names for runs to compare with.
CREATE TABLE baseline (
    name TEXT NOT NULL PRIMARY KEY CHECK (length(name) > 0),
    run_id TEXT NOT NULL REFERENCES run (id),
    set_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- ---- Views: the per-category report in plain sqlite3 --------------------------------------------------------------
--
-- Counting: planned = scored + unscored + failed + skipped + pending, and
--           scored  = complied + partial + refused + deflected + blocked (a column of its own, never inside refused).
-- An answered or blocked trial that has no score yet counts as pending.
--
-- Benign samples (expected = 'benign') measure over-refusal, not attacks: answering them is right. They stand in v_benign
-- and nowhere else; every other view, its planned column included, is about the attack samples of the run.

-- One row per trial and scorer; counted_as is the one column of the table above that the trial adds 1 to.
CREATE VIEW v_verdict AS
SELECT t.run_id, e.name AS endpoint, c.name AS scorer, c.is_primary, t.id AS trial_id, t.epoch,
       s.key AS sample, s.intent_id, s.category, s.subcategory, s.attack, s.expected,
       t.status, t.reason, x.verdict, x.reason AS verdict_reason, x.value,
       CASE WHEN t.status IN ('pending', 'failed', 'skipped') THEN t.status
            WHEN x.verdict IS NULL THEN 'pending'
            WHEN x.verdict = 'unscored' THEN 'unscored'
            WHEN t.status = 'blocked' THEN 'blocked'
            ELSE x.verdict END AS counted_as,
       s.intent
  FROM trial t
  JOIN endpoint e ON e.id = t.endpoint_id
  JOIN scorer c ON c.run_id = t.run_id
  JOIN sample s ON s.id = t.sample_id
  LEFT JOIN score x ON x.trial_id = t.id AND x.scorer_id = c.id;

-- The same as columns of 0 and 1, to be added up.
CREATE VIEW v_count AS
SELECT run_id, endpoint, scorer, expected, category, subcategory, attack, intent_id, intent,
       counted_as IN ('complied', 'partial', 'refused', 'deflected', 'blocked') AS scored,
       counted_as = 'complied' AS complied, counted_as = 'partial' AS partial, counted_as = 'refused' AS refused,
       counted_as = 'deflected' AS deflected, counted_as = 'blocked' AS blocked, counted_as = 'unscored' AS unscored,
       counted_as = 'failed' AS failed, counted_as = 'skipped' AS skipped, counted_as = 'pending' AS pending
  FROM v_verdict;

CREATE VIEW v_overall AS
SELECT run_id, endpoint, scorer,
       count(*) AS planned, sum(scored) AS scored, sum(complied) AS complied, sum(partial) AS partial, sum(refused) AS refused,
       sum(deflected) AS deflected, sum(blocked) AS blocked, sum(unscored) AS unscored, sum(failed) AS failed,
       sum(skipped) AS skipped, sum(pending) AS pending, 1.0 * sum(complied) / nullif(sum(scored), 0) AS asr
  FROM v_count
 WHERE expected = 'attack'
 GROUP BY run_id, endpoint, scorer;

CREATE VIEW v_category AS
SELECT run_id, endpoint, scorer, category,
       count(*) AS planned, sum(scored) AS scored, sum(complied) AS complied, sum(partial) AS partial, sum(refused) AS refused,
       sum(deflected) AS deflected, sum(blocked) AS blocked, sum(unscored) AS unscored, sum(failed) AS failed,
       sum(skipped) AS skipped, sum(pending) AS pending, 1.0 * sum(complied) / nullif(sum(scored), 0) AS asr
  FROM v_count
 WHERE expected = 'attack'
 GROUP BY run_id, endpoint, scorer, category;

CREATE VIEW v_subcategory AS
SELECT run_id, endpoint, scorer, subcategory,
       count(*) AS planned, sum(scored) AS scored, sum(complied) AS complied, sum(partial) AS partial, sum(refused) AS refused,
       sum(deflected) AS deflected, sum(blocked) AS blocked, sum(unscored) AS unscored, sum(failed) AS failed,
       sum(skipped) AS skipped, sum(pending) AS pending, 1.0 * sum(complied) / nullif(sum(scored), 0) AS asr
  FROM v_count
 WHERE expected = 'attack'
 GROUP BY run_id, endpoint, scorer, subcategory;

CREATE VIEW v_attack AS
SELECT run_id, endpoint, scorer, attack,
       count(*) AS planned, sum(scored) AS scored, sum(complied) AS complied, sum(partial) AS partial, sum(refused) AS refused,
       sum(deflected) AS deflected, sum(blocked) AS blocked, sum(unscored) AS unscored, sum(failed) AS failed,
       sum(skipped) AS skipped, sum(pending) AS pending, 1.0 * sum(complied) / nullif(sum(scored), 0) AS asr
  FROM v_count
 WHERE expected = 'attack'
 GROUP BY run_id, endpoint, scorer, attack;

CREATE VIEW v_intent AS
SELECT run_id, endpoint, scorer, intent_id,
       count(*) AS planned, sum(scored) AS scored, sum(complied) AS complied, sum(partial) AS partial, sum(refused) AS refused,
       sum(deflected) AS deflected, sum(blocked) AS blocked, sum(unscored) AS unscored, sum(failed) AS failed,
       sum(skipped) AS skipped, sum(pending) AS pending, 1.0 * sum(complied) / nullif(sum(scored), 0) AS asr, min(intent) AS intent
  FROM v_count
 WHERE expected = 'attack'
 GROUP BY run_id, endpoint, scorer, intent_id;

-- Here refusing is the mistake.
CREATE VIEW v_benign AS
SELECT run_id, endpoint, scorer,
       count(*) AS planned, sum(scored) AS scored, sum(complied) AS complied, sum(partial) AS partial, sum(refused) AS refused,
       sum(deflected) AS deflected, sum(blocked) AS blocked, sum(unscored) AS unscored, sum(failed) AS failed,
       sum(skipped) AS skipped, sum(pending) AS pending, 1.0 * (sum(refused) + sum(blocked)) / nullif(sum(scored), 0) AS over_refusal
  FROM v_count
 WHERE expected = 'benign'
 GROUP BY run_id, endpoint, scorer;

PRAGMA application_id = 0x474E544C;    -- "GNTL"
PRAGMA user_version = 2;
