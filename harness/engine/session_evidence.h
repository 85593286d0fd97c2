/*
 * session_evidence - what is known of the systems under test: asked before the first request and after the last answer.
 *
 * At the start: raw answers are stored, revision_observed, evidence and provenance_json are set, the router's price is taken
 * for endpoints with `price: router` (judges among them), and what changed since the last run of the same endpoint (or since the run's own first
 * sitting) becomes its drift. At the end everything is asked again and compared with the start, and the names and
 * fingerprints that answers carried are counted.
 *
 * Silence is never an error: only a store that cannot be written is.
 *
 * Threads   main, while no other thread of the run exists.
 */
#ifndef ENGINE_SESSION_EVIDENCE_H
#define ENGINE_SESSION_EVIDENCE_H

#include "engine/session.h"

/* Nothing is asked, and nothing changed, unless the options say ask_evidence and endpoints are real. */
enum err session_evidence_start(struct session *s, struct error *e) MUST_CHECK;
enum err session_evidence_end(struct session *s, struct error *e) MUST_CHECK;

#endif
