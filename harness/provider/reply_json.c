#include "provider/reply_json.h"

#include "base/http_msg.h"
#include "base/json_scan.h"
#include "base/utf8.h"

#include <string.h>

/* json_scan and cJSON themselves: json_parse_lenient would repair bytes before the pieces of a stream are joined. */
cJSON *reply_json_parse(const char *text, size_t len, bool *repaired)
{
    struct json_scan scan;
    if (!json_scan(&scan, text, len, true))
        return NULL;
    if (!scan.needs_mending)
        return cJSON_ParseWithLengthOpts(text, len, NULL, false);

    CLEANUP(strbuf_release) struct strbuf mended = STRBUF_INIT;
    json_mend(text, len, &mended);
    /* Raw control characters are mended too, but nothing of the text changes by that. */
    if (memmem(mended.buf, mended.len, "\\ufffd", 6) || memmem(mended.buf, mended.len, "\\u2400", 6))
        *repaired = true;
    return cJSON_ParseWithLengthOpts(mended.buf, mended.len, NULL, false);
}

const char *reply_text_keep(struct arena *a, const char *text, size_t len, size_t *ret_len, bool *repaired)
{
    if (utf8_valid(text, len, NULL)) {
        if (ret_len)
            *ret_len = len;
        return len ? arena_strndup(a, text, len) : "";
    }

    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    utf8_repair(text, len, &out);
    if (ret_len)
        *ret_len = out.len;
    if (repaired)
        *repaired = true;
    return arena_strndup(a, out.buf, out.len);
}

const char *reply_header_keep(struct arena *a, const struct http_reply *reply, const char *name)
{
    CLEANUP(strbuf_release) struct strbuf value = STRBUF_INIT;
    if (!http_reply_header(reply, name, &value))
        return "";
    size_t start = 0, end = value.len;
    while (start < end && (value.buf[start] == ' ' || value.buf[start] == '\t'))
        start++;
    while (end > start && (value.buf[end - 1] == ' ' || value.buf[end - 1] == '\t'))
        end--;
    return reply_text_keep(a, value.buf + start, end - start, NULL, NULL);
}
