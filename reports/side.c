#include "reports/side.h"

#include "base/json_member.h"

#include <string.h>

/* A side while its endpoint is not known yet. */
struct open_side {
    struct run_row run;
    struct endpoint_row *endpoint;
    size_t count;
    const struct endpoint_row *chosen; /* NULL = not yet */
};

/* The run that the whole text names; else the one before its last colon, with the endpoint behind it. */
static enum err find_run(struct store *s, const char *text, struct arena *a, struct run_row *ret_run, const char **ret_endpoint,
                         struct error *e)
{
    *ret_endpoint = NULL;
    enum err rc = store_run_find(s, text, a, ret_run, e);
    if (rc != ERR_NOT_FOUND)
        return rc;
    for (const char *colon = strrchr(text, ':'); colon; colon = memrchr(text, ':', (size_t)(colon - text))) {
        struct error other;
        const char *reference = arena_printf(a, "%.*s", (int)(colon - text), text);
        rc = store_run_find(s, reference, a, ret_run, &other);
        if (rc == ERR_NOT_FOUND && strcmp(reference, "baseline") == 0)
            break; /* the colon of `baseline:NAME` names no endpoint */
        if (rc == OK) {
            *ret_endpoint = colon + 1;
            return OK;
        }
        if (rc != ERR_NOT_FOUND) {
            *e = other;
            return rc;
        }
        *e = other; /* "no run is called `r41`" says more than the same of `r41:candidate` */
    }
    return e->code;
}

static const struct endpoint_row *named(const struct open_side *side, const char *name)
{
    for (size_t i = 0; i < side->count; i++) {
        if (strcmp(side->endpoint[i].name, name) == 0)
            return &side->endpoint[i];
    }
    return NULL;
}

static enum err which_endpoint(const struct open_side *side, const char *text, const char *asked, struct error *e)
{
    if (asked)
        error_set(e, ERR_INVALID, "run %s has no endpoint '%.60s'; it has:", side->run.id, asked);
    else
        error_set(e, ERR_INVALID, "run %s has %zu endpoints, name one as %.60s:ENDPOINT:", side->run.id, side->count, text);
    for (size_t i = 0; i < side->count && i < 10; i++)
        error_suffix(e, "%s %.60s", i ? "," : "", side->endpoint[i].name);
    return ERR_INVALID;
}

static enum err open_one(struct store *s, const char *text, struct arena *a, struct open_side *side, struct error *e)
{
    const char *name;
    if (find_run(s, text, a, &side->run, &name, e) != OK || store_endpoint_list(s, side->run.id, a, &side->endpoint, &side->count, e) != OK)
        return e->code;
    if (side->count == 0)
        return error_set(e, ERR_INVALID, "run %s has no endpoint", side->run.id);
    side->chosen = name ? named(side, name) : side->count == 1 ? &side->endpoint[0] : NULL;
    return name && !side->chosen ? which_endpoint(side, text, name, e) : OK;
}

/* The only name that all open sides have; NULL when there is none or more than one. */
static const char *common_name(const struct open_side *side, size_t count)
{
    const char *found = NULL;
    for (size_t i = 0; i < side[0].count; i++) {
        bool everywhere = true;
        for (size_t k = 1; k < count; k++)
            everywhere = everywhere && named(&side[k], side[0].endpoint[i].name);
        if (everywhere && found)
            return NULL;
        found = everywhere ? side[0].endpoint[i].name : found;
    }
    return found;
}

static const char *wanted_name(const struct open_side *side, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (side[i].chosen)
            return side[i].chosen->name;
    }
    return count > 1 ? common_name(side, count) : NULL;
}

static enum err primary_scorer(struct store *s, const struct run_row *run, struct arena *a, struct scorer_row *ret_scorer, struct error *e)
{
    struct scorer_row *row;
    size_t count;
    if (store_scorer_list(s, run->id, a, &row, &count, e) != OK)
        return e->code;
    for (size_t i = 0; i < count; i++) {
        if (row[i].is_primary) {
            *ret_scorer = row[i];
            return OK;
        }
    }
    return error_set(e, ERR_INVALID, "run %s has no scorer: there is nothing to compare", run->id);
}

enum err sides_find(struct store *s, const char *const *text, size_t count, struct arena *a, struct side *ret_side, struct error *e)
{
    struct open_side *open = arena_array(a, count, sizeof(*open));
    for (size_t i = 0; i < count; i++) {
        if (open_one(s, text[i], a, &open[i], e) != OK)
            return e->code;
    }
    const char *name = wanted_name(open, count);
    for (size_t i = 0; i < count; i++) {
        const struct endpoint_row *endpoint = open[i].chosen ? open[i].chosen : name ? named(&open[i], name) : NULL;
        if (!endpoint)
            return which_endpoint(&open[i], text[i], NULL, e);
        ret_side[i].run = open[i].run;
        ret_side[i].endpoint = *endpoint;
        if (primary_scorer(s, &open[i].run, a, &ret_side[i].scorer, e) != OK)
            return e->code;
    }
    return OK;
}

cJSON *side_json(const struct side *side)
{
    cJSON *json = cJSON_CreateObject();
    json_member_text(json, "run", side->run.id);
    json_member_text(json, "name", side->run.name);
    json_member_text(json, "endpoint", side->endpoint.name);
    json_member_text(json, "model", side->endpoint.model);
    json_member_text(json, "status", run_status_name(side->run.status));
    return json;
}

const char *side_label(const struct side *side, bool with_endpoint, struct arena *a)
{
    const char *run = side->run.name && side->run.name[0] ? side->run.name : side->run.id;
    return with_endpoint ? arena_printf(a, "%s:%s", run, side->endpoint.name) : run;
}
