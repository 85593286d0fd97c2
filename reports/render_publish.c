#include "reports/render_publish.h"

#include "base/json.h"
#include "base/text_safe.h"
#include "reports/figures.h"

#include <ctype.h>
#include <string.h>

static enum err choose_endpoint(const cJSON *model, const char *name, const cJSON **ret_endpoint, struct error *e)
{
    const cJSON *list = json_array(model, "endpoints"), *endpoint;
    CLEANUP(strbuf_release) struct strbuf names = STRBUF_INIT;
    cJSON_ArrayForEach(endpoint, list)
    {
        const char *own = json_string(endpoint, "name");
        if (name ? strcmp(own, name) == 0 : cJSON_GetArraySize(list) == 1) {
            *ret_endpoint = endpoint;
            return OK;
        }
        (void)strbuf_addf(&names, "%s%s", names.len ? ", " : "", own);
    }
    return error_set(e, ERR_INVALID,
                     name ? "the run has no endpoint '%.60s'; it has %s" : "a model's file is about one model%.0s: -e picks one of %s",
                     name ? name : "", names.buf);
}

/* "org/name": what a repository of the Hub is called. */
static bool is_repository(const char *id)
{
    int slashes = 0;
    for (const char *c = id; *c; c++) {
        slashes += *c == '/';
        if (!isalnum((unsigned char)*c) && !strchr("/-_.", *c))
            return false;
    }
    return slashes == 1 && id[0] != '/' && id[strlen(id) - 1] != '/';
}

static enum err choose_dataset(const cJSON *model, const char *given, const char **ret_id, struct error *e)
{
    const char *source = json_string(json_object(json_object(model, "run"), "dataset"), "source");
    const char *id = given ? given : source;
    if (id && is_repository(id)) {
        *ret_id = id;
        return OK;
    }
    return error_set(e, ERR_INVALID,
                     "the data set's source '%.80s' is no repository of the Hub: --dataset ORG/NAME names the one it is published in",
                     id ? id : "");
}

static enum err check_fit(const cJSON *model, const cJSON *endpoint, struct error *e)
{
    const cJSON *run = json_object(model, "run");
    const char *status = json_string(run, "status"), *label = json_string(json_object(endpoint, "missing"), "label");
    const char *as = json_string(json_object(model, "errors_as"), "as");
    double value;
    if (as && strcmp(as, "missing") != 0)
        return error_set(e, ERR_INVALID, "a what-if (--errors-as %.20s) is no result to publish", as);
    if (!status || strcmp(status, "complete") != 0)
        return error_set(e, ERR_INVALID, "run %s is %s: only a complete one is a result to publish", json_string(run, "id"), status);
    if ((label && strcmp(label, "UNUSABLE") == 0) || !json_number(json_object(endpoint, "asr"), "value", &value))
        return error_set(e, ERR_INVALID, "of run %s too many trials have no verdict: there is no result to publish",
                         json_string(run, "id"));
    return OK;
}

static void add_string(struct strbuf *out, const char *text)
{
    CLEANUP(strbuf_release) struct strbuf whole = STRBUF_INIT;
    text_safe_decode(text ? text : "", text ? strlen(text) : 0, &whole);
    json_add_string(out, whole.buf, whole.len);
}

static void add_member(struct strbuf *out, const char *lead, const char *text)
{
    if (!text)
        return;
    (void)strbuf_addstr(out, lead);
    add_string(out, text);
    (void)strbuf_addch(out, '\n');
}

/* What a reader needs to know of the number, in one line. */
static void add_notes(struct strbuf *out, const cJSON *model, const cJSON *endpoint)
{
    CLEANUP(strbuf_release) struct strbuf line = STRBUF_INIT;
    const cJSON *asr = json_object(endpoint, "asr"), *revision = json_object(endpoint, "revision");
    const char *provider = json_string(endpoint, "provider"), *evidence = json_string(revision, "evidence");
    const char *commit = json_string(revision, "observed") ? json_string(revision, "observed") : json_string(revision, "declared");
    (void)strbuf_addstr(&line, "attack success rate in percent, strict: ");
    figures_rate_text(asr, figures_count(json_object(endpoint, "counts"), "complied"), false, &line);
    (void)strbuf_addf(&line, ", n %lld in %lld intents; scored by %s; %s", (long long)figures_count(asr, "n"),
                      (long long)figures_count(asr, "clusters"), json_string(endpoint, "scorer"),
                      json_string(json_object(endpoint, "missing"), "label"));
    if (provider)
        (void)strbuf_addf(&line, "; served by %s", provider);
    (void)strbuf_addf(&line, "; revision %s (%s)", commit ? commit : "unknown", evidence ? evidence : "none");
    (void)strbuf_addf(&line, "; gauntlet %s, run %s", json_string(json_object(json_object(model, "run"), "harness"), "version"),
                      json_string(json_object(model, "run"), "id"));
    add_string(out, line.buf);
}

struct published {
    const cJSON *endpoint, *dataset;
    const char *id;
};

static enum err choose(const cJSON *model, const struct publish_options *options, struct published *ret_p, struct error *e)
{
    struct published p = { .dataset = json_object(json_object(model, "run"), "dataset") };
    if (choose_endpoint(model, options->endpoint, &p.endpoint, e) != OK || choose_dataset(model, options->dataset, &p.id, e) != OK ||
        check_fit(model, p.endpoint, e) != OK)
        return e->code;
    *ret_p = p;
    return OK;
}

enum err render_eval_results(const cJSON *model, const struct publish_options *options, struct strbuf *out, struct error *e)
{
    struct published p = { 0 };
    double value = 0;
    char day[11] = "";
    if (choose(model, options, &p, e) != OK)
        return e->code;
    const char *finished = json_string(json_object(model, "run"), "finished_at");
    (void)snprintf(day, sizeof(day), "%s", finished ? finished : "");
    (void)json_number(json_object(p.endpoint, "asr"), "value", &value);
    add_member(out, "- dataset:\n    id: ", p.id);
    add_member(out, "    task_id: ", options->task ? options->task : "default");
    add_member(out, "    revision: ", json_string(p.dataset, "revision"));
    (void)strbuf_addf(out, "  value: %.2f\n", 100 * value);
    add_member(out, "  date: ", day[0] ? day : NULL);
    (void)strbuf_addstr(out, "  notes: ");
    add_notes(out, model, p.endpoint);
    (void)strbuf_addch(out, '\n');
    return OK;
}

static void add_metric(struct strbuf *out, const char *type, const char *name, const cJSON *rate)
{
    static const char *const args[] = { "low", "high", "n", "clusters" };
    double value;
    if (!json_number(rate, "value", &value))
        return;
    (void)strbuf_addf(out, "    - type: %s\n      value: ", type);
    json_add_number(out, value);
    (void)strbuf_addf(out, "\n      name: %s\n      args: {", name);
    for (size_t i = 0; i < ARRAY_LEN(args); i++) {
        double arg;
        if (!json_number(rate, args[i], &arg))
            continue;
        (void)strbuf_addf(out, "%s%s: ", i ? ", " : "", args[i]);
        json_add_number(out, arg);
    }
    (void)strbuf_addstr(out, "}\n");
}

enum err render_model_index(const cJSON *model, const struct publish_options *options, struct strbuf *out, struct error *e)
{
    static const struct {
        const char *member, *type, *name;
    } metric[] = {
        { "asr", "attack_success_rate", "ASR, strict" },
        { "asr_partial", "attack_success_rate_with_partial", "ASR with partial" },
        { "macro", "attack_success_rate_macro", "mean of categories" },
        { "intent_any", "intents_broken", "intents broken at least once" },
    };
    struct published p = { 0 };
    if (choose(model, options, &p, e) != OK)
        return e->code;
    add_member(out, "model-index:\n- name: ", json_string(p.endpoint, "model"));
    (void)strbuf_addstr(out, "  results:\n  - task:\n      type: image-text-to-text\n      name: ");
    add_string(out, options->task ? options->task : "adversarial robustness");
    add_member(out, "\n    dataset:\n      type: ", p.id);
    add_member(out, "      name: ", json_string(p.dataset, "name"));
    add_member(out, "      revision: ", json_string(p.dataset, "revision"));
    (void)strbuf_addstr(out, "      args: {notes: ");
    add_notes(out, model, p.endpoint);
    (void)strbuf_addstr(out, "}\n    metrics:\n");
    for (size_t i = 0; i < ARRAY_LEN(metric); i++)
        add_metric(out, metric[i].type, metric[i].name, json_object(p.endpoint, metric[i].member));
    add_metric(out, "over_refusal_rate", "benign samples refused", json_object(json_object(p.endpoint, "benign"), "over_refusal"));
    return OK;
}
