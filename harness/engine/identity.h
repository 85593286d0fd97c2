/*
 * identity - what must be equal for two runs to compare, in one short code.
 *
 * comparability_key = the first 16 hex digits of SHA-256 over canonical JSON of: the sample set (ids, prompts, intents,
 * image bytes), system prompt, part order, epochs, the primary scorer's identity, decoding parameters. Endpoint, model and address
 * are what a comparison is about, so they are not in it.
 */
#ifndef ENGINE_IDENTITY_H
#define ENGINE_IDENTITY_H

#include "engine/recipe.h"
#include "store/reader.h"

struct run_identity {
    char sample_set_sha256[65]; /* "" while an image of the set was not read yet */
    char comparability_key[17]; /* "" likewise */
};

enum err identity_compute(struct store *s, const struct run_row *run, const struct recipe *recipe, struct run_identity *ret_identity,
                          struct error *e) MUST_CHECK;
/* Computes it of a run in the store and writes it there; inside the caller's transaction. */
enum err identity_record(struct store *s, const char *run_id, struct arena *a, struct error *e) MUST_CHECK;

#endif
