#include "reports/view_compare.h"

#include "base/json.h"
#include "reports/points.h"
#include "reports/view_text.h"

#include <math.h>
#include <string.h>

/* points.h writes ASCII; the page has a minus sign as wide as the plus. */
static void add_with_minus(const char *text, struct strbuf *out)
{
    for (; *text; text++) {
        if (*text == '-')
            (void)strbuf_addstr(out, "−");
        else
            (void)strbuf_addch(out, *text);
    }
}

static void delta_parts(const cJSON *difference, struct strbuf *delta, struct strbuf *bounds)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    int decimals = points_decimals(difference);
    double value = points_number(difference, "delta");
    if (isnan(value))
        return;
    points_signed(value, decimals, &text);
    add_with_minus(text.buf, delta);
    strbuf_clear(&text);
    points_interval(points_number(difference, "low"), points_number(difference, "high"), decimals, &text);
    add_with_minus(text.len ? text.buf : "", bounds);
}

void view_delta(cJSON *object, const cJSON *difference)
{
    CLEANUP(strbuf_release) struct strbuf delta = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf bounds = STRBUF_INIT;
    delta_parts(difference, &delta, &bounds);
    view_take(object, "delta", &delta);
    view_take(object, "delta_bounds", &bounds);
}

void view_delta_text(const cJSON *difference, struct strbuf *out)
{
    CLEANUP(strbuf_release) struct strbuf delta = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf bounds = STRBUF_INIT;
    delta_parts(difference, &delta, &bounds);
    if (delta.len)
        (void)strbuf_addf(out, "%s\u00A0pp%s%s", delta.buf, bounds.len ? " " : "", bounds.len ? bounds.buf : "");
}

void view_tag(cJSON *object, const char *tag)
{
    static const struct {
        const char *tag, *symbol, *ink;
    } known[] = {
        { "regressed", "g-up", "bad" },  { "fixed", "g-down", "good" },     { "no change", "g-eq", "i3" },
        { "inconclusive", "g-q", "i3" }, { "few intents", "g-dash", "i3" },
    };
    size_t i = 0;
    while (i < ARRAY_LEN(known) - 1 && (!tag || strcmp(tag, known[i].tag) != 0))
        i++;
    view_text(object, "tag", tag ? tag : known[i].tag);
    view_text(object, "tag_symbol", known[i].symbol);
    view_text(object, "tag_ink", known[i].ink);
    (void)cJSON_AddBoolToObject(object, "strong", i < 2);
}

void view_difference(cJSON *row, const cJSON *cell)
{
    CLEANUP(strbuf_release) struct strbuf p = STRBUF_INIT;
    if (!cell) {
        (void)cJSON_AddNullToObject(row, "change");
        return;
    }
    cJSON *json = cJSON_AddObjectToObject(row, "change");
    view_delta(json, cell);
    points_p(json_bool(cell, "tested", false) ? points_number(cell, "p_adjusted") : (double)NAN, &p);
    view_take(json, "p", &p);
    view_tag(json, json_string(cell, "tag"));
}

static bool is_of(const cJSON *compare, const char *name)
{
    const char *candidate = json_string(json_object(compare, "candidate"), "endpoint");
    return json_bool(compare, "comparable", false) && candidate && name && strcmp(candidate, name) == 0;
}

const cJSON *view_comparison_of(const cJSON *model, const char *name)
{
    const cJSON *compare = json_object(model, "compare"), *other;
    if (is_of(compare, name))
        return compare;
    cJSON_ArrayForEach(other, json_array(model, "others"))
    {
        if (is_of(json_object(other, "compare"), name))
            return json_object(other, "compare");
    }
    return NULL;
}
