#include "cli/endpoint_findings.h"

#include "config/endpoint_route.h"
#include "engine/endpoint_check.h"
#include "hub/hub_url.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void tell(struct check_report *r, const struct endpoint_config *c, const char *code, enum finding_outcome outcome,
                 const char *message)
{
    check_report_add(
        r, &(struct check_finding){ .code = code, .outcome = outcome, .file = "", .sample = "", .subject = c->name, .message = message });
}

/* The router takes tokens of Hugging Face only; its official clients refuse every other key. */
static void look_at_router_key(const struct endpoint_config *c, struct check_report *r)
{
    if (endpoint_is_hf_router(c) && c->api_key && !secret_starts_with(c->api_key, "hf_"))
        tell(r, c, "E5", FINDING_WARN,
             "api_key does not begin with hf_: the router takes tokens of Hugging Face only; a provider's own key is set at "
             "hf.co/settings/inference-providers");
}

/* An Inference Endpoint holds the request for that many seconds while it starts. */
static void look_at_scale_up(const struct endpoint_config *c, struct check_report *r)
{
    for (size_t i = 0; i < c->header_count; i++) {
        if (strcasecmp(c->header[i].name, "X-Scale-Up-Timeout") == 0 &&
            strtod(c->header[i].value, NULL) * 1e6 >= (double)c->limits.timeout_us)
            tell(r, c, "E6", FINDING_WARN,
                 "limits.timeout is not longer than X-Scale-Up-Timeout: the request is given up before the server has started");
    }
}

/* A branch moves; which commit it is now, only the Hub can say. */
static void look_at_revision(const struct endpoint_config *c, struct arena *a, struct check_report *r)
{
    bool of_the_hub = strchr(c->model, '/') && hub_repo_is_valid(c->model);
    if (c->revision && of_the_hub && !hub_is_commit(c->revision))
        tell(r, c, "E10", FINDING_WARN,
             arena_printf(a,
                          "revision '%.80s' is no commit and may move: pin one of 40 hex digits; `check --probe` and the run tell which it "
                          "is now",
                          c->revision));
}

void endpoint_findings(const struct settings *s, const struct endpoint_config *endpoint, struct arena *a, struct check_report *report)
{
    struct error e;
    if (endpoint_check(s, endpoint, &e) != OK)
        tell(report, endpoint, "E1", FINDING_FATAL, e.msg);
    if (settings_require_key(s, endpoint, &e) != OK)
        tell(report, endpoint, "E2", FINDING_FATAL, e.msg);
    if (settings_require_ca(endpoint, &e) != OK)
        tell(report, endpoint, "E3", FINDING_FATAL, e.msg);
    if (!endpoint->tls_verify)
        tell(report, endpoint, "E4", FINDING_WARN, "tls.verify is false: anybody on the way can answer in the model's place");
    look_at_router_key(endpoint, report);
    look_at_scale_up(endpoint, report);
    look_at_revision(endpoint, a, report);
}
