/*
 * sim_parts - what the request readers of all protocols share: complaints, checks of parameters, one message's text and images.
 */
#ifndef SIM_SIM_PARTS_H
#define SIM_SIM_PARTS_H

#include "base/err.h"
#include "base/json.h"
#include "sim/sim_request.h"

/* Fills the complaint; false, always. */
bool sim_complain(struct sim_complaint *c, const char *param, const char *format, ...) PRINTF_LIKE(3, 4);

struct sim_number_rule {
    const char *key;
    double min, max;
    bool whole;
};
/* False and a complaint when a member is there and breaks its rule. */
bool sim_check_numbers(const cJSON *object, const struct sim_number_rule *rule, size_t count, struct sim_complaint *c);
/* The same for a list of at most `max` strings; NULL is fine. */
bool sim_check_strings(const cJSON *list, const char *key, int max, struct sim_complaint *c);
/* The whole body as an object. NULL and a complaint when it is none. */
cJSON *sim_parse_object(const char *body, size_t len, struct sim_complaint *c);
/* The model's name, kept; NULL and a complaint when there is none. */
const char *sim_read_model(const cJSON *root, struct arena *a, struct sim_complaint *c);

/* What one message holds, while it is read. The room for images is made once per request: a request of many messages
   must not make much of it. */
struct sim_message {
    struct strbuf text;
    struct sim_image *image; /* NULL until the first one */
    size_t image_count;
};
void sim_message_release(struct sim_message *m);
/* Empty, for the next one. */
void sim_message_clear(struct sim_message *m);
/* Takes an image as base64; `key` is the member that holds it. With a MIME type the bytes must be of it. */
bool sim_message_add_image(struct sim_message *m, const char *base64, const char *mime, const char *key, struct arena *a,
                           struct sim_complaint *c);
/* What is looked up: the last message kept. */
void sim_message_keep(const struct sim_message *m, struct arena *a, struct sim_request *r);

#endif
