#include "cli/check_summary.h"

#include "base/json_member.h"
#include "base/text_safe.h"
#include "base/units.h"
#include "cli/estimate_view.h"
#include "cli/output.h"
#include "cli/terminal.h"

#include <string.h>

static void add_count(struct strbuf *out, int64_t count, const char *what)
{
    units_format_count(count, out);
    (void)strbuf_addf(out, " %s%s", what, count == 1 ? "" : "s");
}

static void add_kinds(struct strbuf *out, int64_t categories, int64_t subcategories)
{
    units_format_count(categories, out);
    (void)strbuf_addstr(out, categories == 1 ? " category, " : " categories, ");
    units_format_count(subcategories, out);
    (void)strbuf_addstr(out, subcategories == 1 ? " subcategory" : " subcategories");
}

static void add_set(const struct check_result *r, struct strbuf *out)
{
    const struct preflight_summary *set = &r->set;
    (void)strbuf_addstr(out, "data set    ");
    text_safe_terminal(r->name, strlen(r->name), 0, terminal_is_utf8(), out);
    (void)strbuf_addch(out, ' ');
    text_safe_terminal(r->version, strlen(r->version), 40, terminal_is_utf8(), out);
    (void)strbuf_addstr(out, ": ");
    add_count(out, set->samples, "sample");
    if (set->benign > 0) {
        (void)strbuf_addstr(out, " (");
        units_format_count(set->benign, out);
        (void)strbuf_addstr(out, " benign)");
    }
    (void)strbuf_addstr(out, ", ");
    add_count(out, set->intents, "intent");
    (void)strbuf_addstr(out, ", ");
    add_kinds(out, set->categories, set->subcategories);
    (void)strbuf_addstr(out, ", ");
    add_count(out, set->attacks, "attack");
    (void)strbuf_addstr(out, "\nimages      ");
    if (set->images > 0) {
        units_format_count(set->images, out);
        (void)strbuf_addstr(out, " that can be sent, ");
        units_format_size((uint64_t)set->image_bytes, out);
        (void)strbuf_addstr(out, "; ");
        units_format_count(set->distinct_images, out);
        (void)strbuf_addstr(out, " by name");
    } else {
        (void)strbuf_addstr(out, "none");
    }
    if (set->twin_groups + set->orphan_groups > 0) {
        (void)strbuf_addstr(out, "\ntwins       ");
        add_count(out, set->twin_groups, "complete group");
        (void)strbuf_addf(out, ", %lld without a partner", (long long)set->orphan_groups);
    }
    (void)strbuf_addch(out, '\n');
}

static void add_identity(const struct check_result *r, struct strbuf *out)
{
    const char *judged = !r->declared_hash[0]                                        ? "not declared"
                         : strcmp(r->declared_hash, r->set.content_sha256.text) == 0 ? "as declared"
                                                                                     : "NOT as declared";
    (void)strbuf_addf(out, "content     sha256:%s, %s\n", r->set.content_sha256.text, judged);
    (void)strbuf_addstr(out, "selected    ");
    units_format_count(r->selection.samples, out);
    (void)strbuf_addch(out, '/');
    units_format_count(r->set.samples, out);
    (void)strbuf_addstr(out, " samples of ");
    add_count(out, r->selection.intents, "intent");
    (void)strbuf_addstr(out, ", ");
    add_kinds(out, r->selection.categories, r->selection.subcategories);
    if (r->sample_set_sha256[0])
        (void)strbuf_addf(out, "\nsample set  sha256:%s\n", r->sample_set_sha256);
    else
        (void)strbuf_addstr(out, "\nsample set  not settled while samples are rejected\n");
}

static void add_endpoints(const struct check_result *r, size_t count, struct strbuf *out)
{
    for (size_t i = 0; i < count; i++) {
        const struct check_endpoint *x = &r->endpoint[i];
        (void)strbuf_addf(out, "endpoint    %s: largest request ", x->config->name);
        units_format_size((uint64_t)x->largest_bytes, out);
        if (x->config->limits.max_request_bytes > 0) {
            (void)strbuf_addstr(out, " of ");
            units_format_size(x->config->limits.max_request_bytes, out);
        } else {
            (void)strbuf_addstr(out, ", no limit known");
        }
        if (x->skipped > 0)
            (void)strbuf_addf(out, "; %lld samples would be skipped", (long long)x->skipped);
        (void)strbuf_addch(out, '\n');
        (void)strbuf_addf(out, "estimate    %s: ", x->config->name);
        estimate_view_text(&x->estimate, out);
        (void)strbuf_addch(out, '\n');
    }
}

void check_summary_text(const struct check_result *r, size_t endpoint_count, struct strbuf *out)
{
    if (!r->complete)
        return;
    add_set(r, out);
    add_identity(r, out);
    add_endpoints(r, endpoint_count, out);
    for (size_t i = 0; i < r->judge_count; i++) {
        (void)strbuf_addf(out, "estimate    %s, judging: ", r->judge[i].endpoint);
        estimate_view_text(&r->judge[i], out);
        (void)strbuf_addch(out, '\n');
    }
}

static cJSON *endpoint_json(const struct check_endpoint *x)
{
    cJSON *json = cJSON_CreateObject();
    json_member_text(json, "name", x->config->name);
    json_member_int(json, "largest_request_bytes", x->largest_bytes > 0, x->largest_bytes);
    json_member_text(json, "largest_sample", x->largest_id[0] ? x->largest_id : NULL);
    json_member_int(json, "max_request_bytes", x->config->limits.max_request_bytes > 0, (int64_t)x->config->limits.max_request_bytes);
    json_member_int(json, "skipped", true, x->skipped);
    cJSON_AddItemToObject(json, "estimate", estimate_view_json(&x->estimate));
    return json;
}

void check_summary_json(const struct check_result *r, size_t endpoint_count, cJSON *document)
{
    const struct preflight_summary *set = &r->set;
    if (r->opened) {
        json_member_text(document, "dataset", r->name);
        json_member_text(document, "dataset_version", r->version);
        json_member_text(document, "content_hash_declared", r->declared_hash[0] ? r->declared_hash : NULL);
    }
    json_member_int(document, "samples", true, set->samples);
    json_member_int(document, "images", true, set->images);
    if (!r->complete)
        return;
    json_member_text(document, "content_hash", set->content_sha256.text);
    json_member_text(document, "sample_set_sha256", r->sample_set_sha256[0] ? r->sample_set_sha256 : NULL);
    json_member_int(document, "rejected_samples", true, set->rejected + r->unscorable);
    json_member_int(document, "benign", true, set->benign);
    json_member_int(document, "intents", true, set->intents);
    json_member_int(document, "categories", true, set->categories);
    json_member_int(document, "subcategories", true, set->subcategories);
    json_member_int(document, "attacks", true, set->attacks);
    json_member_int(document, "distinct_images", true, set->distinct_images);
    json_member_int(document, "image_bytes", true, set->image_bytes);
    json_member_int(document, "twin_groups", true, set->twin_groups);
    json_member_int(document, "orphan_groups", true, set->orphan_groups);
    cJSON *selected = cJSON_AddObjectToObject(document, "selected");
    json_member_int(selected, "samples", true, r->selection.samples);
    json_member_int(selected, "intents", true, r->selection.intents);
    json_member_int(selected, "categories", true, r->selection.categories);
    json_member_int(selected, "subcategories", true, r->selection.subcategories);
    cJSON *endpoints = cJSON_AddArrayToObject(document, "endpoints");
    for (size_t i = 0; i < endpoint_count; i++)
        cJSON_AddItemToArray(endpoints, endpoint_json(&r->endpoint[i]));
    cJSON *judges = cJSON_AddArrayToObject(document, "judges");
    for (size_t i = 0; i < r->judge_count; i++) {
        cJSON *judge = cJSON_CreateObject();
        json_member_text(judge, "name", r->judge[i].endpoint);
        cJSON_AddItemToObject(judge, "estimate", estimate_view_json(&r->judge[i]));
        cJSON_AddItemToArray(judges, judge);
    }
}
