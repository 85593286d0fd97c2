#include "engine/session_evidence.h"

#include "base/json.h"
#include "base/sha256.h"
#include "base/text_safe.h"
#include "core/version.h"
#include "evidence/ask.h"
#include "evidence/concerns.h"
#include "hub/hub_url.h"
#include "store/evidence_row.h"
#include "store/reader.h"

#include <curl/curlver.h>
#include <string.h>

static bool stop_wanted(void *context)
{
    const struct session *s = context;
    return s->options->stop && s->options->stop(s->options->context) != STOP_NO;
}

static struct evidence_options options_of(struct session *s)
{
    return (struct evidence_options){ .user_agent = "gauntlet/" GAUNTLET_VERSION " (libcurl/" LIBCURL_VERSION ")",
                                      .stop = stop_wanted,
                                      .context = s };
}

static enum err ask_all(struct session *s, struct evidence_answers *ret, struct error *e)
{
    struct pipeline *p = &s->p;
    const struct endpoint_config **endpoint = arena_array(&s->arena, p->target_count, sizeof(struct endpoint_config *));
    const struct evidence_options options = options_of(s);
    for (size_t i = 0; i < p->target_count; i++)
        endpoint[i] = p->lane[i].config;
    return evidence_ask(endpoint, p->target_count, &options, &s->arena, ret, e);
}

static enum err store_answers(struct session *s, const struct evidence_answers *answers, const char *phase, struct error *e)
{
    for (size_t i = 0; i < answers->count; i++) {
        const struct evidence_answer *a = &answers->answer[i];
        struct sha256_hex hash = sha256_of(a->body.buf, a->body.len);
        struct evidence_row row = { .endpoint_id = s->p.lane[a->subject].row.id,
                                    .at = a->at,
                                    .phase = phase,
                                    .kind = evidence_kind_name(a->kind),
                                    .url = a->url,
                                    .http_status = a->status,
                                    .problem = a->problem,
                                    .sha256 = a->body.len ? hash.text : NULL,
                                    .body = a->body.buf,
                                    .body_len = a->body.len };
        enum err rc = store_evidence_insert(s->p.store, &row, e);
        if (rc != OK)
            return rc;
    }
    return OK;
}

/* ---- Start --------------------------------------------------------------------------------------------------------- */

/* A branch moves; a server that reports another commit serves something else. */
static void tell_revision(struct session *s, const struct lane *lane, const cJSON *facts)
{
    const char *declared = lane->row.revision_declared, *sha = json_string(json_object(facts, "hub"), "sha");
    const char *served = json_string(json_object(facts, "server"), "revision");
    bool of_the_hub = strchr(lane->row.model, '/') && hub_repo_is_valid(lane->row.model);
    if (declared && of_the_hub && !hub_is_commit(declared))
        pipeline_notice(&s->p, LOG_WARN, "revision", "endpoint '%s': revision '%s' is no commit and may move; %s%s", lane->row.name,
                        declared, sha ? "now it is " : "pin a commit of 40 hex digits", sha ? sha : "");
    if (declared && served && hub_is_commit(declared) && strcmp(declared, served) != 0) {
        CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
        text_safe_terminal(served, strlen(served), 80, true, &safe);
        pipeline_notice(&s->p, LOG_WARN, "revision", "endpoint '%s': the configuration declares revision %s, the server says %s",
                        lane->row.name, declared, safe.buf);
    }
}

struct concern {
    struct session *s;
    const struct lane *lane;
};

static void tell_concern(const char *words, void *context)
{
    const struct concern *of = context;
    pipeline_notice(&of->s->p, LOG_WARN, "route", "endpoint '%s': %s", of->lane->row.name, words);
}

static bool wants_price(const struct lane *lane)
{
    bool by_computing = lane->config->provider && strcmp(lane->config->provider, "hf-inference") == 0;
    return lane->config->price.from_router && !lane->price.known && !by_computing;
}

static void take_price(struct session *s, struct lane *lane, const cJSON *facts)
{
    if (!wants_price(lane))
        return;
    lane->price = facts_price(facts);
    if (!lane->price.known)
        pipeline_notice(&s->p, LOG_WARN, "price", "endpoint '%s': costs stay unknown: `price: router`, and no price came from there",
                        lane->row.name);
}

static void tell_drift(struct session *s, const struct lane *lane, const char *since, const char *drift)
{
    pipeline_notice(&s->p, LOG_WARN, "drift", "endpoint '%s' changed %s: %s", lane->row.name, since, drift);
}

/* Since this run's own earlier sitting, or else the last run of the same endpoint. */
static enum err compare_with_before(struct session *s, struct lane *lane, const cJSON *facts, struct error *e)
{
    const char *before = lane->row.provenance_json;
    const char *since = before ? "since the run's last sitting" : "since its last run";
    CLEANUP(strbuf_release) struct strbuf drift = STRBUF_INIT;
    if (!before && store_provenance_before(s->p.store, &lane->row, &s->arena, &before, e) != OK)
        return e->code;
    if (!before)
        return OK;
    CLEANUP(json_freep) cJSON *old = json_parse(before, strlen(before), NULL);
    facts_drift(old, facts, &drift);
    if (drift.len == 0)
        return OK;
    tell_drift(s, lane, since, drift.buf);
    lane->row.drift =
        arena_printf(&s->arena, "%s%s%s: %s", lane->row.drift ? lane->row.drift : "", lane->row.drift ? "; " : "", since, drift.buf);
    return store_endpoint_drift(s->p.store, lane->row.id, lane->row.drift, e);
}

static enum err settle(struct session *s, struct lane *lane, const cJSON *facts, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const char *observed;
    bool images = false;
    if (facts->child && store_run_has_images(s->p.store, s->p.run_id, &images, e) != OK)
        return e->code;
    tell_revision(s, lane, facts);
    concerns_tell(facts, images, tell_concern, &(struct concern){ s, lane });
    take_price(s, lane, facts);
    if (compare_with_before(s, lane, facts, e) != OK)
        return e->code;
    if (!facts->child) /* nobody told anything: what an earlier sitting saw stays */
        return OK;
    json_add_tree(&text, facts);
    lane->row.evidence = facts_level(facts, evidence_is_routed(lane->config), lane->row.revision_declared, &observed);
    lane->row.revision_observed = observed ? arena_strdup(&s->arena, observed) : NULL;
    lane->row.provenance_json = arena_strdup(&s->arena, text.buf);
    return store_endpoint_evidence(s->p.store, &lane->row, e);
}

static enum err start(struct session *s, const struct evidence_answers *answers, struct error *e)
{
    enum err rc = store_answers(s, answers, "start", e);
    for (size_t i = 0; rc == OK && i < s->p.target_count; i++) {
        CLEANUP(json_freep) cJSON *facts = evidence_facts(answers, i, s->p.lane[i].config);
        rc = settle(s, &s->p.lane[i], facts, e);
    }
    return rc;
}

/* ---- Judges -------------------------------------------------------------------------------------------------------- */

/* A judge has no row of its own, so that only its price is asked for: again by every sitting, and kept with no one. */
static enum err ask_judge_prices(struct session *s, struct error *e)
{
    struct pipeline *p = &s->p;
    size_t judges = p->lane_count - p->target_count, count = 0;
    struct lane **lane = arena_array(&s->arena, judges + 1, sizeof(struct lane *));
    const struct endpoint_config **endpoint = arena_array(&s->arena, judges + 1, sizeof(struct endpoint_config *));
    const struct evidence_options options = options_of(s);
    struct evidence_answers answers = { 0 };
    for (size_t i = p->target_count; i < p->lane_count; i++) {
        if (wants_price(&p->lane[i])) {
            lane[count] = &p->lane[i];
            endpoint[count++] = p->lane[i].config;
        }
    }
    if (count == 0)
        return OK;
    enum err rc = evidence_ask_prices(endpoint, count, &options, &s->arena, &answers, e);
    for (size_t i = 0; rc == OK && i < count; i++) {
        CLEANUP(json_freep) cJSON *facts = evidence_facts(&answers, i, endpoint[i]);
        take_price(s, lane[i], facts);
    }
    evidence_answers_release(&answers);
    return rc;
}

/* ---- End ----------------------------------------------------------------------------------------------------------- */

/* One system names itself in one way; a second name or fingerprint means that something was changed under the run. */
static enum err add_echoes(struct session *s, const struct lane *lane, struct strbuf *out, struct error *e)
{
    int64_t models, fingerprints;
    enum err rc = store_echo_counts(s->p.store, &lane->row, &models, &fingerprints, e);
    if (rc == OK && models > 1)
        (void)strbuf_addf(out, "%sanswers name %lld models", out->len ? "; " : "", (long long)models);
    if (rc == OK && fingerprints > 1)
        (void)strbuf_addf(out, "%sanswers have %lld system fingerprints", out->len ? "; " : "", (long long)fingerprints);
    return rc;
}

static enum err compare_with_start(struct session *s, struct lane *lane, const cJSON *facts, struct error *e)
{
    const char *start = lane->row.provenance_json;
    CLEANUP(strbuf_release) struct strbuf drift = STRBUF_INIT;
    CLEANUP(json_freep) cJSON *old = start ? json_parse(start, strlen(start), NULL) : NULL;
    if (old)
        facts_drift(old, facts, &drift);
    if (add_echoes(s, lane, &drift, e) != OK)
        return e->code;
    if (drift.len == 0)
        return OK;
    tell_drift(s, lane, "during the run", drift.buf);
    lane->row.drift =
        arena_printf(&s->arena, "%s%sduring the run: %s", lane->row.drift ? lane->row.drift : "", lane->row.drift ? "; " : "", drift.buf);
    return store_endpoint_drift(s->p.store, lane->row.id, lane->row.drift, e);
}

static enum err end(struct session *s, const struct evidence_answers *answers, struct error *e)
{
    enum err rc = store_answers(s, answers, "end", e);
    for (size_t i = 0; rc == OK && i < s->p.target_count; i++) {
        CLEANUP(json_freep) cJSON *facts = evidence_facts(answers, i, s->p.lane[i].config);
        rc = compare_with_start(s, &s->p.lane[i], facts, e);
    }
    return rc;
}

/* Asks, then writes all of it in one transaction. */
static enum err visit(struct session *s, enum err (*write)(struct session *, const struct evidence_answers *, struct error *),
                      struct error *e)
{
    struct evidence_answers answers = { 0 };
    if (!s->options->ask_evidence || s->options->only_verdicts || s->options->base_url)
        return OK;
    enum err rc = ask_all(s, &answers, e);
    if (rc == OK)
        rc = store_begin(s->p.store, e);
    if (rc == OK) {
        rc = write(s, &answers, e);
        if (rc == OK)
            rc = store_commit(s->p.store, e);
        if (rc != OK)
            store_rollback(s->p.store);
    }
    evidence_answers_release(&answers);
    return rc;
}

enum err session_evidence_start(struct session *s, struct error *e)
{
    bool ask_judges = (s->options->ask_evidence || s->options->only_verdicts) && !s->options->base_url;
    enum err rc = ask_judges ? ask_judge_prices(s, e) : OK;
    return rc == OK ? visit(s, start, e) : rc;
}

enum err session_evidence_end(struct session *s, struct error *e)
{
    return visit(s, end, e);
}
