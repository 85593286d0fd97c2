#include "reports/eras.h"

#include "base/json.h"
#include "base/vec.h"

#include <string.h>

enum { APART_NIGHTS = 3 }; /* so many nights may stand apart in a row */

enum field {
    FIELD_COMPARABILITY,
    FIELD_SCORER,
    FIELD_PARAMS,
    FIELD_SYSTEM, /* the first that identifies the system */
    FIELD_BASE_URL = FIELD_SYSTEM,
    FIELD_MODEL,
    FIELD_PROVIDER,
    FIELD_REVISION_DECLARED,
    FIELD_REVISION_OBSERVED,
    FIELD_SERVER,
    FIELD_MODEL_ECHO,
    FIELD_FINGERPRINT,
    FIELD_PROVIDER_ECHO,
    FIELD_COUNT
};

static const char *const field_name[] = {
    [FIELD_COMPARABILITY] = "comparability_key",
    [FIELD_SCORER] = "scorer",
    [FIELD_PARAMS] = "params",
    [FIELD_BASE_URL] = "base_url",
    [FIELD_MODEL] = "model",
    [FIELD_PROVIDER] = "provider",
    [FIELD_REVISION_DECLARED] = "revision_declared",
    [FIELD_REVISION_OBSERVED] = "revision_observed",
    [FIELD_SERVER] = "server",
    [FIELD_MODEL_ECHO] = "model_echo",
    [FIELD_FINGERPRINT] = "fingerprint",
    [FIELD_PROVIDER_ECHO] = "provider_echo",
};

struct identity {
    const char *value[FIELD_COUNT]; /* NULL = not told */
};

const char *night_state_name(enum night_state s)
{
    static const char *const name[] = { "counted", "unfinished", "gaps", "empty", "apart", "again" };
    return name[s];
}

size_t eras_newest_counted(const struct eras *e, size_t nights)
{
    for (size_t i = nights; i-- > 0;) {
        if (e->state[i] == NIGHT_COUNTED)
            return i;
    }
    return SIZE_MAX;
}

size_t era_field_count(void)
{
    return FIELD_COUNT;
}

const char *era_field_name(size_t field)
{
    return field_name[field];
}

/* "vllm 0.6.3, sha256:…": what the server says it is and has loaded (evidence/facts.h). */
static const char *server_of(const char *provenance, struct arena *a)
{
    static const char *const member[] = { "kind", "version", "model", "revision", "digest" };
    CLEANUP(json_freep) cJSON *json = provenance ? json_parse(provenance, strlen(provenance), NULL) : NULL;
    const cJSON *server = json_object(json, "server");
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    for (size_t i = 0; i < ARRAY_LEN(member); i++) {
        const char *text = json_string(server, member[i]);
        if (text)
            (void)strbuf_addf(&out, "%s%s", out.len > 0 ? " " : "", text);
    }
    return out.len > 0 ? arena_strdup(a, out.buf) : NULL;
}

const char *era_field_value(const struct night *n, size_t field, struct arena *a)
{
    switch ((enum field)field) {
    case FIELD_COMPARABILITY: return n->row->comparability_key;
    case FIELD_SCORER: return n->row->scorer_identity;
    case FIELD_PARAMS: return n->row->params_json;
    case FIELD_BASE_URL: return n->row->base_url;
    case FIELD_MODEL: return n->row->model;
    case FIELD_PROVIDER: return n->row->provider;
    case FIELD_REVISION_DECLARED: return n->row->revision_declared;
    case FIELD_REVISION_OBSERVED: return n->row->revision_observed;
    case FIELD_SERVER: return server_of(n->row->provenance_json, a);
    case FIELD_MODEL_ECHO: return n->echo[ECHO_MODEL];
    case FIELD_FINGERPRINT: return n->echo[ECHO_FINGERPRINT];
    case FIELD_PROVIDER_ECHO: return n->echo[ECHO_PROVIDER];
    default: return NULL;
    }
}

static enum night_state state_of(const struct night *n)
{
    if (n->row->status == RUN_STARTED)
        return NIGHT_UNFINISHED;
    if (n->all.planned == 0)
        return NIGHT_EMPTY;
    return (double)counts_missing(&n->all) > MAX_NIGHT_MISSING * (double)n->all.planned ? NIGHT_GAPS : NIGHT_COUNTED;
}

static bool differs(const char *was, const char *is)
{
    return was && is && strcmp(was, is) != 0;
}

/* What has changed from the era's identity to the night's, as bits. */
static unsigned changes(const struct identity *was, const struct identity *is)
{
    unsigned bits = 0;
    for (size_t f = 0; f < FIELD_COUNT; f++)
        bits |= (unsigned)differs(was->value[f], is->value[f]) << f;
    return bits;
}

static struct identity identity_of(const struct night *n, struct arena *a)
{
    struct identity id;
    for (size_t f = 0; f < FIELD_COUNT; f++)
        id.value[f] = era_field_value(n, f, a);
    return id;
}

bool era_tells_the_same(const struct history *h, size_t night, size_t other, struct arena *a)
{
    struct identity one = identity_of(&h->night[night], a), two = identity_of(&h->night[other], a);
    return changes(&one, &two) >> FIELD_SYSTEM == 0;
}

/* Marks the runs that asked again, and gives each night the newest that is whole and was asked and scored as the night was. */
static void find_again(const struct history *h, const struct identity *id, struct eras *e)
{
    for (size_t i = 0; i < h->night_count; i++) {
        const char *confirms = h->night[i].row->confirms;
        for (size_t k = 0; confirms && k < i; k++) {
            unsigned asked = changes(&id[k], &id[i]) & ((1U << FIELD_SYSTEM) - 1);
            if (strcmp(h->night[k].row->run_id, confirms) == 0 && e->state[i] == NIGHT_COUNTED && asked == 0)
                e->again[k] = i;
        }
    }
    for (size_t i = 0; i < h->night_count; i++) {
        if (h->night[i].row->confirms)
            e->state[i] = NIGHT_AGAIN;
    }
}

/* Only asked or scored otherwise, while one of the next nights is asked as the era is. */
static bool stands_apart(const struct identity *id, const enum night_state *state, size_t nights, size_t at, const struct identity *era,
                         unsigned bits)
{
    if (bits >> FIELD_SYSTEM != 0)
        return false;
    size_t seen = 0;
    for (size_t i = at + 1; i < nights && seen < APART_NIGHTS; i++) {
        if (state[i] != NIGHT_COUNTED)
            continue;
        if (changes(era, &id[i]) == 0)
            return true;
        seen++;
    }
    return false;
}

static void learn(struct identity *known, const struct identity *told)
{
    for (size_t f = 0; f < FIELD_COUNT; f++)
        known->value[f] = told->value[f] ? told->value[f] : known->value[f];
}

static void begin_era(struct eras *e, size_t night, const struct identity *was, const struct identity *is, unsigned bits, struct arena *a)
{
    struct era *era = &e->era[e->count++];
    *era = (struct era){ .first = night, .change = arena_array(a, FIELD_COUNT, sizeof(*era->change)), .identity = bits >> FIELD_SYSTEM };
    for (size_t f = 0; f < FIELD_COUNT; f++) {
        if (bits >> f & 1)
            era->change[era->change_count++] = (struct era_change){ field_name[f], was->value[f], is->value[f] };
    }
}

struct eras eras_of(const struct history *h, struct arena *a)
{
    size_t nights = h->night_count;
    struct eras e = { .era = arena_array(a, nights, sizeof(*e.era)),
                      .of_night = arena_array(a, nights, sizeof(*e.of_night)),
                      .state = arena_array(a, nights, sizeof(*e.state)),
                      .again = arena_array(a, nights, sizeof(*e.again)) };
    struct identity *id = arena_array(a, nights, sizeof(*id)), known = { 0 };
    for (size_t i = 0; i < nights; i++) {
        e.state[i] = state_of(&h->night[i]);
        e.again[i] = SIZE_MAX;
        id[i] = identity_of(&h->night[i], a);
    }
    find_again(h, id, &e);
    for (size_t i = 0; i < nights; i++) {
        unsigned bits = changes(&known, &id[i]);
        if (e.state[i] == NIGHT_COUNTED && bits != 0 && stands_apart(id, e.state, nights, i, &known, bits))
            e.state[i] = NIGHT_APART;
        if (e.state[i] == NIGHT_COUNTED && (e.count == 0 || bits != 0))
            begin_era(&e, i, &known, &id[i], bits, a);
        if (e.state[i] == NIGHT_COUNTED) {
            learn(&known, &id[i]);
            e.era[e.count - 1].counted++;
        }
        if (e.count > 0)
            e.era[e.count - 1].last = i;
        e.of_night[i] = e.count > 0 ? e.count - 1 : 0;
    }
    return e;
}
