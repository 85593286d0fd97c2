#include "reports/csv_row.h"

#include "base/json.h"
#include "base/text_safe.h"

#include <math.h>
#include <string.h>

void csv_text(struct strbuf *out, const char *text, bool raw)
{
    text_safe_csv(text ? text : "", text ? strlen(text) : 0, raw, out);
    (void)strbuf_addch(out, ',');
}

void csv_texts(struct strbuf *out, const char *const *text, size_t count, bool raw)
{
    for (size_t i = 0; i < count; i++)
        csv_text(out, text[i], raw);
}

void csv_number(struct strbuf *out, double value)
{
    if (!isnan(value))
        json_add_number(out, value);
    (void)strbuf_addch(out, ',');
}

void csv_member(struct strbuf *out, const cJSON *object, const char *key)
{
    double value;
    csv_number(out, json_number(object, key, &value) ? value : (double)NAN);
}

void csv_end_row(struct strbuf *out)
{
    strbuf_truncate(out, out->len - 1); /* the last comma */
    (void)strbuf_addstr(out, "\r\n");
}
