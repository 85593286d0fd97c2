/*
 * eras - which nights belong together: the same questions, asked of what says it is the same model.
 *
 * A night opens a new era when anything that identifies the system or the way it is asked and scored has changed: only what
 * both sides told is compared, and a value once told stands until another is told. Values that answers carry (model,
 * fingerprint, provider) are compared as sets: two fingerprints in one night where there was one is a change.
 * Eras are never joined: a return to an earlier identity opens another one.
 *
 * Not counted, and never the reason for a new era: a run that is not finished, one with more than 2 % of its trials missing
 * (statistics.md section 10), and a night that stands apart: asked otherwise than the nights before it, while one of the next
 * three is asked as they were (a run by hand with a limit, a shard). A run that asked again what a night had asked (run --confirm)
 * is no night of its own: it bears on that night's alarms.
 */
#ifndef REPORTS_ERAS_H
#define REPORTS_ERAS_H

#include "reports/history.h"

#define MAX_NIGHT_MISSING 0.02

enum night_state { NIGHT_COUNTED, NIGHT_UNFINISHED, NIGHT_GAPS, NIGHT_EMPTY, NIGHT_APART, NIGHT_AGAIN };
/* "counted", "unfinished", "gaps", "empty", "apart", "again". */
const char *night_state_name(enum night_state s);

struct era_change {
    const char *field;    /* "comparability_key", "model_echo", …; constant */
    const char *was, *is; /* as servers and configurations wrote them */
};

struct era {
    size_t first, last; /* nights; those that are not counted lie in the era before them */
    size_t counted;
    struct era_change *change; /* why it began; none for the first */
    size_t change_count;
    bool identity; /* one of the changes is of the system, and not only of how it was asked or scored */
};

struct eras {
    struct era *era;
    size_t count;            /* 0 = no night is counted */
    size_t *of_night;        /* the era's number, from 0 */
    enum night_state *state; /* of each night */
    size_t *again;           /* of each night: the newest whole run that asked it again, alike; SIZE_MAX = none */
};

/* In the arena. */
struct eras eras_of(const struct history *h, struct arena *a);
/* SIZE_MAX = none. */
size_t eras_newest_counted(const struct eras *e, size_t nights);
/* Whether the two tell the same of what identifies the system, as far as both tell. */
bool era_tells_the_same(const struct history *h, size_t night, size_t other, struct arena *a);
/* What the night tells of the field; NULL = nothing. */
size_t era_field_count(void);
const char *era_field_name(size_t field);
const char *era_field_value(const struct night *n, size_t field, struct arena *a);

#endif
