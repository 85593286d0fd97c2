#include "cli/card_check.h"

#include "base/json.h"
#include "base/json_member.h"
#include "base/text_safe.h"
#include "cli/stop.h"
#include "cli/terminal.h"
#include "core/limits.h"
#include "core/version.h"
#include "evidence/ask.h"
#include "evidence/card.h"
#include "hub/hub_file.h"
#include "hub/hub_url.h"
#include "net/http.h"

#include <string.h>
#include <strings.h>

#define FOLDER ".eval_results"

static bool is_results_file(const char *path)
{
    size_t len = strlen(path), lead = strlen(FOLDER "/");
    return strncmp(path, FOLDER "/", lead) == 0 && len > lead + 5 && strcmp(path + len - 5, ".yaml") == 0 && !hub_path_problem(path);
}

/* The files that one answer of the tree API lists, as further questions. */
static size_t list_files(const struct evidence_answer *answer, const struct evidence_file *asked, struct arena *a,
                         struct evidence_file *ret)
{
    size_t n = 0;
    CLEANUP(json_freep) cJSON *tree = answer->problem ? NULL : json_parse(answer->body.buf, answer->body.len, NULL);
    const cJSON *item;
    cJSON_ArrayForEach(item, tree)
    {
        const char *path = json_string(item, "path");
        if (path && n < MAX_CARD_FILES && is_results_file(path))
            ret[n++] = (struct evidence_file){
                .subject = asked->subject, .repo = asked->repo, .revision = asked->revision, .path = arena_strdup(a, path)
            };
    }
    return n;
}

static void read_card(const struct evidence_answer *answer, cJSON *card)
{
    if (!answer->problem) {
        card_read(answer->body.buf, answer->body.len, card);
        return;
    }
    card_read("", 0, card);
    cJSON_DeleteItemFromObject(card, "problem");
    json_member_text(card, "problem", answer->problem);
}

static enum err read_results(const struct evidence_file *file, size_t count, const struct evidence_options *options, struct arena *a,
                             cJSON *const *card, struct error *e)
{
    struct evidence_answers answers;
    if (evidence_read_files(file, count, options, a, &answers, e) != OK)
        return e->code;
    for (size_t i = 0; i < answers.count; i++) {
        const struct evidence_answer *answer = &answers.answer[i];
        if (!answer->problem)
            card_read_results(file[i].path, answer->body.buf, answer->body.len, card[answer->subject]);
    }
    evidence_answers_release(&answers);
    return OK;
}

static void mark_testable(const cJSON *card, const char *const dataset[2])
{
    cJSON *result;
    cJSON_ArrayForEach(result, cJSON_GetObjectItemCaseSensitive(card, "results"))
    {
        const char *on = json_string(result, "dataset");
        bool same = on && ((dataset[0] && strcasecmp(on, dataset[0]) == 0) || (dataset[1] && strcasecmp(on, dataset[1]) == 0));
        (void)cJSON_AddBoolToObject(result, "testable", same);
    }
}

/* `card` has room for one per endpoint; those that have none stay NULL. */
static enum err read_all(const struct endpoint_config *const *endpoint, size_t count, struct arena *a, cJSON **card, struct error *e)
{
    const struct evidence_options options = { .user_agent = "gauntlet/" GAUNTLET_VERSION };
    struct evidence_file *file = arena_array(a, 2 * count + 1, sizeof(*file));
    struct evidence_file *more = arena_array(a, count * MAX_CARD_FILES + 1, sizeof(*more));
    struct evidence_answers answers;
    size_t files = 0, found = 0;
    for (size_t i = 0; i < count; i++) {
        const struct endpoint_config *c = endpoint[i];
        if (!card[i])
            continue;
        const char *revision = c->revision ? c->revision : "main";
        file[files++] = (struct evidence_file){ .subject = i, .repo = c->model, .revision = revision, .path = "README.md" };
        file[files++] = (struct evidence_file){ .subject = i, .repo = c->model, .revision = revision, .path = FOLDER, .listing = true };
    }
    if (evidence_read_files(file, files, &options, a, &answers, e) != OK)
        return e->code;
    for (size_t i = 0; i < answers.count; i++) {
        if (file[i].listing)
            found += list_files(&answers.answer[i], &file[i], a, more + found);
        else
            read_card(&answers.answer[i], card[file[i].subject]);
    }
    evidence_answers_release(&answers);
    return found ? read_results(more, found, &options, a, card, e) : OK;
}

enum err card_check(const struct endpoint_config *const *endpoint, size_t count, const char *const dataset[2], struct arena *a,
                    cJSON *cards, struct error *e)
{
    cJSON **card = arena_array(a, count + 1, sizeof(cJSON *));
    for (size_t i = 0; i < count; i++) {
        const struct endpoint_config *c = endpoint[i];
        card[i] = NULL;
        if (!strchr(c->model, '/') || !hub_repo_is_valid(c->model))
            continue;
        card[i] = cJSON_CreateObject();
        json_member_text(card[i], "endpoint", c->name);
        json_member_text(card[i], "model", c->model);
        json_member_text(card[i], "revision", c->revision ? c->revision : "main");
        (void)cJSON_AddBoolToObject(card[i], "pinned", c->revision != NULL);
        cJSON_AddItemToArray(cards, card[i]);
    }
    if (http_global_init(e) != OK)
        return e->code;
    enum err rc = read_all(endpoint, count, a, card, e);
    http_global_cleanup();
    for (size_t i = 0; rc == OK && i < count; i++) {
        if (card[i])
            mark_testable(card[i], dataset);
    }
    return rc;
}

/* ---- For people --------------------------------------------------------------------------------------------------- */

static void add_list(struct strbuf *out, const char *lead, const cJSON *list)
{
    const cJSON *item;
    const char *between = lead;
    cJSON_ArrayForEach(item, list)
    {
        (void)strbuf_addf(out, "%s%s", between, cJSON_GetStringValue(item));
        between = ", ";
    }
}

static void add_line(struct strbuf *out, const struct strbuf *line)
{
    text_safe_terminal(line->buf, line->len, 0, terminal_is_utf8(), out);
    (void)strbuf_addch(out, '\n');
}

static void add_result(struct strbuf *out, const cJSON *result)
{
    CLEANUP(strbuf_release) struct strbuf line = STRBUF_INIT;
    const char *problem = json_string(result, "problem"), *text = json_string(result, "value"), *metric = json_string(result, "metric");
    const char *dataset = json_string(result, "dataset");
    double value;
    (void)strbuf_addf(&line, "%s: ", json_string(result, "from"));
    if (problem) {
        (void)strbuf_addf(&line, "cannot be read: %s", problem);
    } else {
        (void)strbuf_addf(&line, "%s on %s = ", metric ? metric : "a metric without a name",
                          dataset ? dataset : "a data set without a name");
        if (json_number(result, "value", &value))
            json_add_number(&line, value);
        else
            (void)strbuf_addstr(&line, text ? text : "nothing");
        (void)strbuf_addstr(&line, json_bool(result, "testable", false) ? "; this suite can test it" : "");
    }
    (void)strbuf_addstr(out, "  claims ");
    add_line(out, &line);
}

void card_check_text(const cJSON *cards, struct strbuf *out)
{
    const cJSON *card, *result;
    cJSON_ArrayForEach(card, cards)
    {
        CLEANUP(strbuf_release) struct strbuf line = STRBUF_INIT;
        const char *problem = json_string(card, "problem"), *licence = json_string(card, "licence");
        (void)strbuf_addf(&line, "card of '%s', %s at %s%s: licence %s", json_string(card, "endpoint"), json_string(card, "model"),
                          json_string(card, "revision"), json_bool(card, "pinned", false) ? "" : " (not pinned)",
                          licence ? licence : "none");
        add_list(&line, "; base model ", json_array(card, "base_model"));
        if (problem)
            (void)strbuf_addf(&line, "; %s", problem);
        add_line(out, &line);
        cJSON_ArrayForEach(result, json_array(card, "results")) add_result(out, result);
        strbuf_clear(&line);
        add_list(&line, "omits ", json_array(card, "omits"));
        if (line.len) {
            (void)strbuf_addstr(out, "  ");
            add_line(out, &line);
        }
    }
}
