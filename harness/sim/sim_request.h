/*
 * sim_request - reads a chat request as strictly as a careful server would.
 *
 * Known keys are checked for type and range; unknown keys are ignored, as vLLM does. Images must be data URLs with
 * valid base64: this server fetches nothing.
 *
 * Owner     everything lives in the caller's arena.
 * Errors    a request that is wrong is answered, not an error of ours: false and a complaint.
 */
#ifndef SIM_SIM_REQUEST_H
#define SIM_SIM_REQUEST_H

#include "base/arena.h"
#include "base/sha256.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_image {
    struct sha256_hex sha256; /* of the decoded bytes */
    size_t bytes;
    uint32_t width, height; /* 0 = could not be read */
};

struct sim_dialect;

struct sim_request {
    const struct sim_dialect *dialect; /* how it was asked, and is answered */
    const char *model;
    const char *prompt; /* text of the last user message, its parts joined; "" when there is none */
    size_t prompt_len;
    const char *assistant;         /* text of the last message when it is the assistant's; NULL = it is not */
    const struct sim_image *image; /* of the last user message, in order */
    size_t image_count;
    size_t text_bytes;  /* of all messages */
    int64_t max_tokens; /* -1 = not given */
    bool stream, include_usage;
};

struct sim_complaint {
    const char *param; /* NULL = none */
    char message[256];
};

/* Of chat completions; the other protocols' are in sim_dialect.h. */
bool sim_request_parse(const char *body, size_t len, struct arena *a, struct sim_request *ret_r, struct sim_complaint *ret_complaint);

/* Four bytes of text are a token, an image is 28 x 28 pixels a token (256 when its size cannot be read). */
int64_t sim_request_prompt_tokens(const struct sim_request *r);

#endif
