-- Version 1 to 2: what an endpoint's tokens cost, the most that an attempt can have cost, and what was asked about an endpoint.

ALTER TABLE endpoint ADD COLUMN price_input REAL;
ALTER TABLE endpoint ADD COLUMN price_output REAL;
ALTER TABLE endpoint ADD COLUMN price_source TEXT;
ALTER TABLE endpoint ADD COLUMN stop_reason TEXT;
ALTER TABLE endpoint ADD COLUMN provenance_json TEXT;
ALTER TABLE endpoint ADD COLUMN drift TEXT;

CREATE TABLE evidence (
    id INTEGER PRIMARY KEY,
    endpoint_id INTEGER NOT NULL REFERENCES endpoint (id),
    at INTEGER NOT NULL,
    phase TEXT NOT NULL CHECK (phase IN ('start', 'end')),
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    http_status INTEGER,
    problem TEXT,
    sha256 TEXT,
    body BLOB
) STRICT;
CREATE INDEX evidence_endpoint ON evidence (endpoint_id, at);

-- A new column of attempt must come before its body, or reading it would mean walking through every stored reply.
CREATE TABLE attempt_2 (
    id INTEGER PRIMARY KEY,
    trial_id INTEGER NOT NULL REFERENCES trial (id),
    number INTEGER NOT NULL CHECK (number >= 1),
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
    message TEXT,
    headers_json TEXT,
    body BLOB,
    UNIQUE (trial_id, number)
) STRICT;
INSERT INTO attempt_2
SELECT id, trial_id, number, trace_id, request_sha256, sent_at, done_at, first_byte_us, http_status, error_class, transport, resent,
       retry_after_us, prompt_tokens, completion_tokens, cost_usd, NULL, message, headers_json, body
  FROM attempt;
DROP TABLE attempt;
ALTER TABLE attempt_2 RENAME TO attempt;

-- Answers that judges judged again.
CREATE TABLE judge_anchor (
    scorer_id INTEGER NOT NULL REFERENCES scorer (id),
    trial_id INTEGER NOT NULL,
    anchor_run TEXT NOT NULL,
    verdict_before TEXT NOT NULL,
    verdict_now TEXT NOT NULL,
    left_out TEXT,
    PRIMARY KEY (scorer_id, trial_id)
) STRICT, WITHOUT ROWID;

-- How a labelled answer was drawn: contested or hand-picked ones say nothing of a rate.
ALTER TABLE label ADD COLUMN plan TEXT NOT NULL DEFAULT 'unknown'
    CHECK (plan IN ('unknown', 'random', 'stratified', 'disagreement', 'picked'));

-- Questions to judges, and verdicts that rescoring replaced.
CREATE TABLE judge_attempt (
    id INTEGER PRIMARY KEY,
    scorer_id INTEGER NOT NULL REFERENCES scorer (id),
    trial_id INTEGER REFERENCES trial (id),
    step INTEGER NOT NULL CHECK (step >= 1),
    number INTEGER NOT NULL CHECK (number >= 1),
    judge TEXT NOT NULL,
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
    model_echo TEXT,
    fingerprint TEXT,
    provider_echo TEXT,
    message TEXT,
    headers_json TEXT,
    body BLOB,
    UNIQUE (trial_id, scorer_id, step, number)
) STRICT;
CREATE INDEX judge_attempt_open ON judge_attempt (scorer_id) WHERE done_at IS NULL;

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

PRAGMA user_version = 2;
