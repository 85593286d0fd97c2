/*
 * spending - what an attempt may cost before it is sent, and what it is taken to have cost afterwards (providers.md section 7).
 *
 *   before    prompt tokens at their most x input + max_tokens x output, and that twice: libcurl may send a request a second
 *             time when a kept connection turns out dead, and nobody asks us then. It is stored with the attempt before a byte
 *             leaves, so that an attempt lost in a crash stays counted.
 *   after     a known cost; nothing for a received error (status >= 400: only 2xx and 3xx are billed) and for what never left;
 *             else all of it, because the server may have answered and billed. A request that was sent twice may have been
 *             billed twice: all of it more.
 *
 * A server that counts more tokens than we took for the most is noticed with its first reply, and later attempts are reckoned
 * by its measure.
 *
 * Threads   spending_learn: the scoring thread alone. The rest: any.
 */
#ifndef ENGINE_SPENDING_H
#define ENGINE_SPENDING_H

#include "base/http_msg.h"
#include "core/answer.h"
#include "engine/lane.h"
#include "provider/token_estimate.h"

/* Tokens of the texts and the template; images are added by their sizes. `system` may be NULL. */
struct token_range spending_texts(const char *system, const char *prompt);
/* USD that one sending of a prompt like this costs at most in this lane; < 0 = unknown. */
double spending_upper(struct lane *lane, struct token_range prompt);
/* What is reserved for an attempt, and stored with it; < 0 = unknown. */
double spending_reservation(double upper_usd);
/* Its inverse. */
double spending_upper_of(double reservation_usd);
/* USD that the attempt is taken to have cost at most; < 0 = unknown. `cost_usd` < 0 = unknown. */
double spending_settled(double upper_usd, double cost_usd, const struct http_reply *reply);
/* Compares a reply's usage with what was taken for the most. */
void spending_learn(struct lane *lane, struct token_range prompt, const struct usage *usage);

#endif
