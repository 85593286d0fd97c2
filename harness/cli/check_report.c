#include "cli/check_report.h"

#include "base/json_member.h"
#include "base/text_safe.h"
#include "base/vec.h"
#include "cli/output.h"
#include "cli/terminal.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_LISTED = 1000 };

static const char *const outcome_names[] = {
    [FINDING_NOTE] = "note", [FINDING_WARN] = "warn", [FINDING_REJECT] = "reject", [FINDING_FATAL] = "fatal"
};

/* What a code is about, in the plural. An outcome of its own has a title of its own. */
static const char *title_of(const struct check_problem *p)
{
    static const struct {
        const char *code, *title, *as_note;
    } known[] = {
        { "E0", "no endpoints", NULL },
        { "E1", "protocols unknown, or without a word for what is asked", NULL },
        { "E2", "keys that cannot be read", NULL },
        { "E3", "certificate files that are not there", NULL },
        { "E4", "certificates that are not checked", NULL },
        { "E5", "keys that are not Hugging Face's", NULL },
        { "E6", "waits for a sleeping server that are cut short", NULL },
        { "E7", "what the probe found", NULL },
        { "E8", "endpoints that did not answer the probe", NULL },
        { "E9", "endpoints that cannot be reached or refuse the key", NULL },
        { "E10", "revisions that may move", NULL },
        { "D0", "a mapping that was never checked against the real data", NULL },
        { "D1", "mistakes in dataset.yaml", NULL },
        { "D2", "parts of the data that are not read", NULL },
        { "D6", "ids that cannot be keys", NULL },
        { "F0", "what ended the check", NULL },
        { "D3", "rows and values of the wrong shape", NULL },
        { "D4", "the content hash is another one", "no content hash is declared" },
        { "D5", "counts other than expected", NULL },
        { "D7", "one intent_id with several intents or categories", NULL },
        { "D8", "names that are not in the taxonomy", NULL },
        { "D9", "twins without a partner", NULL },
        { "D10", "samples that are there twice", "images that are there twice" },
        { "S0", "scorers that cannot be made", NULL },
        { "S1", "fields that are missing", NULL },
        { "S2", "text that is not UTF-8", "control characters in texts" },
        { "S3", "images that are not there", NULL },
        { "S4", "files that are no images", NULL },
        { "S5", "extensions that say something else than the bytes", NULL },
        { "S6", "damaged images", "bytes after an image's end" },
        { "S7", "images too large or too small", NULL },
        { "S8", "images that servers may treat differently", NULL },
        { "S9", "limits of endpoints", NULL },
    };
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strcmp(known[i].code, p->code) == 0)
            return p->outcome == FINDING_NOTE && known[i].as_note ? known[i].as_note : known[i].title;
    }
    return "";
}

void check_report_init(struct check_report *r, size_t examples)
{
    *r = (struct check_report){ .examples = examples, .findings = cJSON_CreateArray() };
}

void check_report_release(struct check_report *r)
{
    for (size_t i = 0; i < r->count; i++)
        strbuf_release(&r->problem[i].examples);
    free(r->problem);
    cJSON_Delete(r->findings);
    *r = (struct check_report){ 0 };
}

static struct check_problem *problem_of(struct check_report *r, const struct check_finding *f)
{
    for (size_t i = 0; i < r->count; i++) {
        if (r->problem[i].outcome == f->outcome && strcmp(r->problem[i].code, f->code) == 0)
            return &r->problem[i];
    }
    r->problem = vec_grow(r->problem, r->count, &r->cap, sizeof(*r->problem));
    struct check_problem *p = &r->problem[r->count++];
    *p = (struct check_problem){ .outcome = f->outcome, .examples = STRBUF_INIT };
    (void)snprintf(p->code, sizeof(p->code), "%s", f->code);
    return p;
}

static void add_where(const struct check_finding *f, struct strbuf *out)
{
    if (f->file[0] && f->line > 0)
        (void)strbuf_addf(out, "%s:%lld", f->file, (long long)f->line);
    else
        (void)strbuf_addstr(out, f->file[0] ? f->file : f->sample[0] ? f->sample : f->subject);
}

static void add_example(struct check_problem *p, const struct check_finding *f)
{
    CLEANUP(strbuf_release) struct strbuf where = STRBUF_INIT;
    add_where(f, &where);
    (void)strbuf_addf(&p->examples, "    %s ", p->code); /* so that a line says all, also to grep */
    text_safe_terminal(where.buf, where.len, 0, terminal_is_utf8(), &p->examples);
    (void)strbuf_addstr(&p->examples, where.len ? ": " : "");
    if (f->file[0] && f->sample[0]) {
        text_safe_terminal(f->sample, strlen(f->sample), 40, terminal_is_utf8(), &p->examples);
        (void)strbuf_addstr(&p->examples, ": ");
    }
    (void)strbuf_addf(&p->examples, "%s\n", f->message);
    p->example_count++;
}

void check_report_add(struct check_report *r, const struct check_finding *f)
{
    struct check_problem *p = problem_of(r, f);
    r->by_outcome[f->outcome]++;
    if (p->example_count < r->examples)
        add_example(p, f);
    if (p->count++ >= MAX_LISTED)
        return;
    CLEANUP(strbuf_release) struct strbuf where = STRBUF_INIT;
    add_where(f, &where);
    cJSON *json = cJSON_CreateObject();
    json_member_text(json, "code", f->code);
    json_member_text(json, "outcome", outcome_names[f->outcome]);
    json_member_text(json, "where", where.buf);
    json_member_text(json, "sample", f->sample[0] ? f->sample : NULL);
    json_member_text(json, "subject", f->subject[0] ? f->subject : NULL);
    json_member_text(json, "message", f->message);
    cJSON_AddItemToArray(r->findings, json);
}

/* Worst first; within an outcome E, D, S and the codes by number. */
static int by_weight(const void *a, const void *b)
{
    static const char letters[] = "EDS";
    const struct check_problem *x = a, *y = b;
    if (x->outcome != y->outcome)
        return x->outcome > y->outcome ? -1 : 1;
    if (x->code[0] != y->code[0])
        return strchr(letters, x->code[0]) < strchr(letters, y->code[0]) ? -1 : 1;
    return (int)(strtol(x->code + 1, NULL, 10) - strtol(y->code + 1, NULL, 10));
}

static void sort(struct check_report *r)
{
    if (r->count > 0)
        qsort(r->problem, r->count, sizeof(*r->problem), by_weight);
}

void check_report_text(struct check_report *r, bool notes, struct strbuf *out)
{
    bool any = false;
    sort(r);
    for (size_t i = 0; i < r->count; i++) {
        const struct check_problem *p = &r->problem[i];
        if (p->outcome == FINDING_NOTE && !notes)
            continue;
        if (!any)
            (void)strbuf_addstr(out, "CODE  OUTCOME   COUNT  PROBLEM\n");
        any = true;
        (void)strbuf_addf(out, "%-4s  %-7s  %6lld  %s\n", p->code, outcome_names[p->outcome], (long long)p->count, title_of(p));
        (void)strbuf_add(out, p->examples.buf, p->examples.len);
        if (p->count > (int64_t)p->example_count)
            (void)strbuf_addf(out, "    and %lld more\n", (long long)p->count - (int64_t)p->example_count);
    }
    if (any)
        (void)strbuf_addch(out, '\n');
}

void check_report_json(struct check_report *r, cJSON *document)
{
    cJSON *problems = cJSON_AddArrayToObject(document, "problems");
    sort(r);
    for (size_t i = 0; i < r->count; i++) {
        cJSON *json = cJSON_CreateObject();
        json_member_text(json, "code", r->problem[i].code);
        json_member_text(json, "outcome", outcome_names[r->problem[i].outcome]);
        (void)cJSON_AddNumberToObject(json, "count", (double)r->problem[i].count);
        json_member_text(json, "title", title_of(&r->problem[i]));
        cJSON_AddItemToArray(problems, json);
    }
    (void)cJSON_AddNumberToObject(document, "fatal", (double)r->by_outcome[FINDING_FATAL]);
    (void)cJSON_AddNumberToObject(document, "rejected", (double)r->by_outcome[FINDING_REJECT]);
    (void)cJSON_AddNumberToObject(document, "warnings", (double)r->by_outcome[FINDING_WARN]);
    (void)cJSON_AddNumberToObject(document, "notes", (double)r->by_outcome[FINDING_NOTE]);
    cJSON_AddItemToObject(document, "findings", TAKE(r->findings));
}
