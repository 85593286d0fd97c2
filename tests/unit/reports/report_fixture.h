/*
 * report_fixture - the model that the renderers' tests share, and its parts.
 */
#ifndef UNIT_REPORT_FIXTURE_H
#define UNIT_REPORT_FIXTURE_H

#include "base/fs.h"
#include "base/json.h"
#include "reports/render.h"

#include <stdio.h>
#include <string.h>

#define FIXTURES "tests/unit/reports/fixtures/"

/* A file of the fixtures, whole. */
static inline void fixture_read(const char *name, struct strbuf *out)
{
    char path[256];
    struct error e = { 0 };
    (void)snprintf(path, sizeof(path), FIXTURES "%s", name);
    if (fs_read_file(path, 1 << 22, out, &e) != OK) {
        (void)fprintf(stderr, "%s\n", e.msg);
        abort();
    }
}

/* Two endpoints: one with everything in it, one that refused everything. Yours: cJSON_Delete. */
static inline cJSON *fixture_model(void)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    struct error e = { 0 };
    fixture_read("two_endpoints.json", &text);
    cJSON *model = json_parse(text.buf, text.len, &e);
    if (!model) {
        (void)fprintf(stderr, "%s\n", e.msg);
        abort();
    }
    return model;
}

static inline cJSON *fixture_endpoint(cJSON *model, int number)
{
    return cJSON_GetArrayItem(cJSON_GetObjectItem(model, "endpoints"), number);
}

#endif
