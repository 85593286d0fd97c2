/*
 * sim_error - error replies in the forms that servers send (providers.md 4.1), and retry hints in theirs (5).
 */
#ifndef SIM_SIM_ERROR_H
#define SIM_SIM_ERROR_H

#include "sim/fault_kinds.h"
#include "sim/sim_reply.h"

#include <stdint.h>

struct sim_error_facts {
    enum fault_shape shape;
    const char *type;  /* "" = left out where the form allows */
    const char *code;  /* NULL = null; digits become a number */
    const char *param; /* NULL = null */
    const char *message;
    double retry_s;     /* told in words; 0 = not. Gemini's errors tell it as a RetryInfo too */
    double estimated_s; /* `estimated_time`; < 0 = none */
};

/* Fills body and content type; the status is set by the caller before. */
void sim_error_write(struct sim_reply *r, const struct sim_error_facts *f);
/* A 400 of Azure's content filter. */
void sim_error_write_filter(struct sim_reply *r, const char *message);
/* Adds the headers of a form. seconds >= 0; wall_us is needed for http-date. RETRY_MESSAGE adds none. */
void sim_error_hint(struct sim_reply *r, enum retry_form form, double seconds, int64_t wall_us);

#endif
