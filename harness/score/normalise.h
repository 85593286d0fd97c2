/*
 * normalise - text in the form that keyword, canary and answer scorers compare (scoring.md section 4, `mode: normalised`).
 *
 * Typographic apostrophes and ` become ' (before NFKC, which would turn U+00B4 into a space and an accent), then NFKC,
 * then invisible code points (U+00AD, U+200B-200D, U+2060, U+FEFF) are dropped, letters are case-folded, and a run of
 * white space becomes one space. Case folding is Unicode's full one: "ß" equals "SS".
 */
#ifndef SCORE_NORMALISE_H
#define SCORE_NORMALISE_H

#include "base/strbuf.h"

#include <cjson/cJSON.h>

/* Appends the normalised form. Invalid UTF-8 is repaired first; NULs are kept. */
void normalise(const char *text, size_t len, struct strbuf *out);
/* Adds what the result depends on besides the text: the version of our rules and of Unicode. Part of a scorer's identity. */
void normalise_identity(cJSON *identity);

#endif
