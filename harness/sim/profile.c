#include "sim/profile.h"

#include "base/fs.h"
#include "base/nearest.h"
#include "base/yaml_read.h"
#include "core/limits.h"
#include "sim/capacity.h"
#include "sim/profile_builtin.h"

#include <fnmatch.h>
#include <math.h>
#include <string.h>

#define MAX_LATENCY_US (INT64_C(600) * 1000000)
#define MAX_WINDOW_US (INT64_C(86400) * 1000000)
#define MAX_STALL_SECONDS 86400.0
#define MAX_HUGE_BYTES ((uint64_t)4 << 30)

static const char *const outcome_names[] = { "complied", "partial", "refused", "deflected", "blocked", "empty" };

static const struct yaml_limits profile_limits = { .bytes = MAX_YAML_BYTES, .nodes = MAX_YAML_NODES, .depth = MAX_YAML_DEPTH };

const char *outcome_name(enum outcome o)
{
    return outcome_names[o];
}

/* ---- outcomes and rules ---- */

/* What the list leaves of 1 goes to refused; an explicit refused must make the sum 1 or leave nothing open. */
static enum err read_outcomes(const struct yaml_node *map, double share[OUTCOME_COUNT], struct error *e)
{
    if (yaml_check_keys(map, outcome_names, OUTCOME_COUNT, e) != OK)
        return e->code;
    double sum = 0.0, value[OUTCOME_COUNT] = { 0 };
    for (size_t i = 0; i < OUTCOME_COUNT; i++) {
        if (yaml_get_double(map, outcome_names[i], 0.0, 1.0, &value[i], e) != OK)
            return e->code;
        sum += value[i];
    }
    if (sum > 1.0 + 1e-9)
        return yaml_error(map, e, "the outcomes add up to %g, which is more than 1", sum);
    value[OUTCOME_REFUSED] += fmax(0.0, 1.0 - sum);
    memcpy(share, value, sizeof(value));
    return OK;
}

static enum err read_answers(const struct yaml_node *map, const char *answer[OUTCOME_COUNT], struct error *e)
{
    if (yaml_check_keys(map, outcome_names, OUTCOME_COUNT, e) != OK)
        return e->code;
    for (size_t i = 0; i < OUTCOME_COUNT; i++)
        if (yaml_get_string(map, outcome_names[i], true, &answer[i], e) != OK)
            return e->code;
    return OK;
}

static enum err read_match(const struct yaml_node *map, struct profile_match *ret_m, struct error *e)
{
    if (yaml_get_string(map, "model", false, &ret_m->model, e) != OK || yaml_get_string(map, "category", true, &ret_m->category, e) != OK ||
        yaml_get_string(map, "attack", true, &ret_m->attack, e) != OK || yaml_get_string(map, "expected", false, &ret_m->expected, e) != OK)
        return e->code;
    return OK;
}

static enum err read_rule(const struct yaml_node *n, const struct profile_rule *base, struct profile_rule *ret_r, struct error *e)
{
    static const char *const known[] = { "category", "attack", "model", "expected", "outcomes", "answers" };
    if (yaml_check_keys(n, known, ARRAY_LEN(known), e) != OK)
        return e->code;
    struct profile_rule r = { 0 };
    memcpy(r.share, base->share, sizeof(r.share));
    const struct yaml_node *outcomes = yaml_find(n, "outcomes"), *answers = yaml_find(n, "answers");
    if (!outcomes && !answers)
        return yaml_error(n, e, "a rule needs `outcomes` or `answers`");
    if (read_match(n, &r.match, e) != OK || (outcomes && read_outcomes(outcomes, r.share, e) != OK) ||
        (answers && read_answers(answers, r.answer, e) != OK))
        return e->code;
    if (!r.match.model && !r.match.category && !r.match.attack && !r.match.expected)
        return yaml_error(n, e, "a rule needs at least one of category, attack, model and expected");
    *ret_r = r;
    return OK;
}

static enum err read_rules(const struct yaml_node *list, struct arena *a, struct profile *p, struct error *e)
{
    if (yaml_want_kind(list, YAML_LIST, e) != OK)
        return e->code;
    p->rule = arena_array(a, list->count, sizeof(*p->rule));
    for (const struct yaml_node *n = list->child; n; n = n->next)
        if (read_rule(n, &p->base, &p->rule[p->rule_count++], e) != OK)
            return e->code;
    return OK;
}

/* ---- latency, rate limit, capacity ---- */

static enum err read_latency(const struct yaml_node *n, struct profile_latency *l, struct error *e)
{
    if (n->kind != YAML_MAP) {
        if (yaml_as_duration(n, 0, MAX_LATENCY_US, &l->median_us, e) != OK)
            return e->code;
        *l = (struct profile_latency){ l->median_us, l->median_us, l->median_us, l->median_us };
        return OK;
    }
    static const char *const known[] = { "min", "median", "p99", "max" };
    struct profile_latency v = { 0, -1, -1, MAX_LATENCY_US };
    if (yaml_check_keys(n, known, ARRAY_LEN(known), e) != OK || yaml_get_duration(n, "min", 0, MAX_LATENCY_US, &v.min_us, e) != OK ||
        yaml_get_duration(n, "median", 0, MAX_LATENCY_US, &v.median_us, e) != OK ||
        yaml_get_duration(n, "p99", 0, MAX_LATENCY_US, &v.p99_us, e) != OK ||
        yaml_get_duration(n, "max", 0, MAX_LATENCY_US, &v.max_us, e) != OK)
        return e->code;
    if (v.median_us < 0)
        return yaml_error(n, e, "a latency needs `median`");
    if (v.p99_us < 0)
        v.p99_us = v.median_us;
    if (v.min_us > v.median_us || v.median_us > v.p99_us || v.median_us > v.max_us)
        return yaml_error(n, e, "a latency wants min <= median <= p99 and median <= max");
    if (v.min_us == v.median_us && v.p99_us > v.median_us)
        return yaml_error(n, e, "a latency whose p99 lies above its median wants a min below it");
    *l = v;
    return OK;
}

static enum err read_retry_form(const struct yaml_node *map, enum retry_form *ret, struct error *e)
{
    size_t at = (size_t)*ret;
    if (yaml_get_choice(map, "retry_after", retry_form_names, retry_form_count, &at, e) != OK)
        return e->code;
    *ret = (enum retry_form)at;
    return OK;
}

static enum err read_rate_limit(const struct yaml_node *n, struct profile_rate_limit *l, struct error *e)
{
    static const char *const known[] = { "requests_per_minute", "burst", "window", "retry_after", "told" };
    size_t told = QUOTA_UNTOLD;
    const struct yaml_node *rate;
    l->burst = 1.0;
    l->form = RETRY_MS;
    if (yaml_check_keys(n, known, ARRAY_LEN(known), e) != OK || yaml_require(n, "requests_per_minute", &rate, e) != OK ||
        yaml_as_double(rate, 1e-3, 1e9, &l->requests_per_minute, e) != OK || yaml_get_double(n, "burst", 1.0, 1e9, &l->burst, e) != OK ||
        yaml_get_duration(n, "window", 1000, MAX_WINDOW_US, &l->window_us, e) != OK ||
        yaml_get_choice(n, "told", quota_form_names, quota_form_count, &told, e) != OK)
        return e->code;
    l->told = (enum quota_form)told;
    if (l->window_us > 0 && yaml_find(n, "burst"))
        return yaml_error(n, e, "a rate limit has either `burst` (a token bucket) or `window` (counted anew in each)");
    if (l->window_us > 0 && l->requests_per_minute * (double)l->window_us < 60e6)
        return yaml_error(n, e, "not one request of the rate limit fits in its `window`");
    return read_retry_form(n, &l->form, e);
}

static enum err read_capacity(const struct yaml_node *n, struct profile_capacity *c, struct error *e)
{
    static const char *const known[] = { "places", "beyond" }, *const beyond[] = { "queue", "429", "503" };
    static const int refusal[] = { 0, 429, 503 };
    const struct yaml_node *places;
    size_t at = 0;
    if (yaml_check_keys(n, known, ARRAY_LEN(known), e) != OK || yaml_require(n, "places", &places, e) != OK ||
        yaml_as_int(places, 1, MAX_SIM_PLACES, &c->places, e) != OK ||
        yaml_get_choice(n, "beyond", beyond, ARRAY_LEN(beyond), &at, e) != OK)
        return e->code;
    c->refusal = refusal[at];
    return OK;
}

/* ---- faults ---- */

static enum err read_kind(const struct yaml_node *n, struct fault_kind *ret_k, struct error *e)
{
    const struct yaml_node *kind;
    const char *name;
    if (yaml_require(n, "kind", &kind, e) != OK || yaml_as_string(kind, false, &name, e) != OK)
        return e->code;
    if (fault_kind_find(name, ret_k))
        return OK;

    const char *names[64];
    size_t count = 0;
    while (count < ARRAY_LEN(names) && (names[count] = fault_kind_name_at(count)))
        count++;
    const char *near = nearest_name(name, names, count);
    char hint[96];
    (void)snprintf(hint, sizeof(hint), near ? "did you mean `%s`?" : "a status from 300 to 599 or a word such as `reset`", near);
    return yaml_error_hint(kind, false, hint, e, "unknown fault `%s`", yaml_shown(name).text);
}

/* Keys that mean nothing for this kind are mistakes, not decoration. */
static enum err check_fault_keys(const struct yaml_node *n, const struct fault_kind *k, struct error *e)
{
    static const char *const always[] = { "kind", "rate", "times", "after", "until", "model", "category", "attack", "expected" };
    static const char *const some[] = { "retry_after", "seconds", "shape", "message", "location", "framing", "at", "bytes" };
    const char *known[ARRAY_LEN(always) + ARRAY_LEN(some)];
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_LEN(always); i++)
        known[count++] = always[i];
    for (size_t i = 0; i < ARRAY_LEN(some); i++)
        if (k->keys & 1u << i)
            known[count++] = some[i];
    enum err code = yaml_check_keys(n, known, count, e);
    return code == OK ? OK : error_suffix(e, "\n(these are the keys of `kind: %s`)", yaml_shown(k->name).text);
}

static enum err read_fault_details(const struct yaml_node *n, struct profile_fault *f, struct error *e)
{
    static const char *const places[] = { "start", "body" };
    size_t shape = f->kind.shape, framing = FRAMING_LENGTH, place = f->kind.id == FAULT_RESET ? 0 : 1;
    if (f->kind.id == FAULT_HUGE_BODY)
        framing = FRAMING_CHUNKED;
    if (read_retry_form(n, &f->retry_after, e) != OK || yaml_get_double(n, "seconds", 0.0, MAX_STALL_SECONDS, &f->seconds, e) != OK ||
        yaml_get_choice(n, "shape", fault_shape_names, fault_shape_count, &shape, e) != OK ||
        yaml_get_choice(n, "framing", fault_framing_names, fault_framing_count, &framing, e) != OK ||
        yaml_get_choice(n, "at", places, ARRAY_LEN(places), &place, e) != OK || yaml_get_string(n, "message", true, &f->message, e) != OK ||
        yaml_get_string(n, "location", false, &f->location, e) != OK || yaml_get_size(n, "bytes", 1, MAX_HUGE_BYTES, &f->bytes, e) != OK)
        return e->code;
    f->shape = (enum fault_shape)shape;
    f->framing = (enum fault_framing)framing;
    f->at_start = place == 0;
    return OK;
}

static enum err read_fault(const struct yaml_node *n, struct profile_fault *ret_f, struct error *e)
{
    struct profile_fault f = { .times = INT64_MAX, .after = 1, .until = INT64_MAX, .location = "/elsewhere", .bytes = 100 * MIB };
    const struct yaml_node *rate;
    if (yaml_want_kind(n, YAML_MAP, e) != OK || read_kind(n, &f.kind, e) != OK || check_fault_keys(n, &f.kind, e) != OK)
        return e->code;
    f.seconds = f.kind.id == FAULT_STALL ? 3600.0 : 1.0;
    if (yaml_require(n, "rate", &rate, e) != OK || yaml_as_double(rate, 0.0, 1.0, &f.rate, e) != OK || read_match(n, &f.match, e) != OK ||
        yaml_get_int(n, "times", 1, INT64_MAX, &f.times, e) != OK || yaml_get_int(n, "after", 1, INT64_MAX, &f.after, e) != OK ||
        yaml_get_int(n, "until", 1, INT64_MAX, &f.until, e) != OK)
        return e->code;
    if (f.until < f.after)
        return yaml_error(n, e, "`until` lies before `after`");
    if (read_fault_details(n, &f, e) != OK)
        return e->code;
    *ret_f = f;
    return OK;
}

static bool always_fits(const struct profile_fault *f)
{
    return !f->match.model && !f->match.category && !f->match.attack && !f->match.expected && f->times == INT64_MAX && f->after == 1 &&
           f->until == INT64_MAX;
}

static enum err read_faults(const struct yaml_node *list, struct arena *a, struct profile *p, struct error *e)
{
    if (yaml_want_kind(list, YAML_LIST, e) != OK)
        return e->code;
    p->fault = arena_array(a, list->count, sizeof(*p->fault));
    double sum = 0.0;
    for (const struct yaml_node *n = list->child; n; n = n->next) {
        struct profile_fault *f = &p->fault[p->fault_count++];
        if (read_fault(n, f, e) != OK)
            return e->code;
        if (always_fits(f))
            sum += f->rate;
        if (sum > 1.0 + 1e-9)
            return yaml_error(n, e, "the rates of the faults up to here add up to %g, which is more than 1", sum);
    }
    return OK;
}

/* ---- the whole ---- */

static enum err read_price(const struct yaml_node *n, struct profile *p, struct error *e)
{
    static const char *const known[] = { "input", "output" };
    const struct yaml_node *input, *output;
    if (yaml_check_keys(n, known, ARRAY_LEN(known), e) != OK || yaml_require(n, "input", &input, e) != OK ||
        yaml_require(n, "output", &output, e) != OK || yaml_as_double(input, 0.0, 1e6, &p->price_input, e) != OK)
        return e->code;
    return yaml_as_double(output, 0.0, 1e6, &p->price_output, e);
}

/* Absent and null members are left alone, as everywhere in yaml_read. */
static const struct yaml_node *member(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *n = yaml_find(map, key);
    return n && n->kind != YAML_NULL ? n : NULL;
}

static enum err read_profile(const struct yaml_node *root, struct arena *a, struct profile *p, struct error *e)
{
    static const char *const known[] = { "version", "outcomes", "answers", "rules",  "latency",     "rate_limit",
                                         "api_key", "models",   "price",   "faults", "answered_by", "capacity" };
    const struct yaml_node *version, *n;
    int64_t number;
    if (yaml_want_kind(root, YAML_MAP, e) != OK || yaml_check_keys(root, known, ARRAY_LEN(known), e) != OK ||
        yaml_require(root, "version", &version, e) != OK || yaml_as_int(version, 1, 1, &number, e) != OK)
        return e->code;
    if (((n = member(root, "outcomes")) && read_outcomes(n, p->base.share, e) != OK) ||
        ((n = member(root, "answers")) && read_answers(n, p->base.answer, e) != OK) ||
        ((n = member(root, "rules")) && read_rules(n, a, p, e) != OK) ||
        ((n = member(root, "latency")) && read_latency(n, &p->latency, e) != OK) ||
        ((n = member(root, "rate_limit")) && read_rate_limit(n, &p->rate_limit, e) != OK) ||
        ((n = member(root, "capacity")) && read_capacity(n, &p->capacity, e) != OK) ||
        ((n = member(root, "price")) && read_price(n, p, e) != OK) || ((n = member(root, "faults")) && read_faults(n, a, p, e) != OK))
        return e->code;
    if (yaml_get_string(root, "api_key", false, &p->api_key, e) != OK)
        return e->code;
    if (yaml_get_strings(root, "answered_by", a, &p->answered_by, &p->answered_by_count, e) != OK)
        return e->code;
    return yaml_get_strings(root, "models", a, &p->model, &p->model_count, e);
}

enum err profile_parse(const char *path, const char *text, size_t len, struct arena *a, struct profile *ret_p, struct error *e)
{
    const struct yaml_doc *doc;
    struct error own;
    e = e ? e : &own; /* the readers above return e->code */
    if (yaml_load_text(path, text, len, &profile_limits, a, &doc, e) != OK)
        return e->code;
    struct profile p = { .name = arena_strdup(a, path), .price_input = -1.0, .price_output = -1.0 };
    p.base.share[OUTCOME_REFUSED] = 1.0;
    if (read_profile(doc->root, a, &p, e) != OK)
        return e->code;
    *ret_p = p;
    return OK;
}

enum err profile_load(const char *name, struct arena *a, struct profile *ret_p, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    struct error own;
    e = e ? e : &own;
    if (!name)
        name = "demo";
    const char *builtin = profile_builtin_find(name);
    if (builtin)
        return profile_parse(name, builtin, strlen(builtin), a, ret_p, e);
    if (!fs_exists(name)) {
        (void)error_set(e, ERR_NOT_FOUND, "no profile '%s': there is no such file, and the built-in ones are", yaml_shown(name).text);
        for (size_t i = 0; i < profile_builtin_count; i++)
            (void)error_suffix(e, "%s %s", i ? "," : "", profile_builtins[i].name);
        return e->code;
    }
    if (fs_read_file(name, MAX_YAML_BYTES, &text, e) != OK)
        return error_prefix(e, "profile '%s'", yaml_shown(name).text);
    return profile_parse(name, text.buf, text.len, a, ret_p, e);
}

/* ---- looking things up ---- */

static bool glob(const char *pattern, const char *text)
{
    return !pattern || fnmatch(pattern, text, 0) == 0;
}

bool profile_fits(const struct profile_match *m, const struct profile_subject *s)
{
    return glob(m->model, s->model) && glob(m->category, s->category) && glob(m->attack, s->attack) &&
           glob(m->expected, expected_name(s->expected));
}

/* More keys first, then model, attack, category, expected. */
static int weight(const struct profile_match *m)
{
    int model = m->model != NULL, attack = m->attack != NULL, category = m->category != NULL, expected = m->expected != NULL;
    return (model + attack + category + expected) * 16 + model * 8 + attack * 4 + category * 2 + expected;
}

const struct profile_rule *profile_rule_for(const struct profile *p, const struct profile_subject *s)
{
    const struct profile_rule *best = &p->base;
    int best_weight = 0;
    for (size_t i = 0; i < p->rule_count; i++) {
        int w = weight(&p->rule[i].match);
        if (w >= best_weight && profile_fits(&p->rule[i].match, s)) {
            best = &p->rule[i];
            best_weight = w;
        }
    }
    return best;
}

const char *profile_answer(const struct profile *p, const struct profile_rule *r, enum outcome o)
{
    return r->answer[o] ? r->answer[o] : p->base.answer[o];
}
