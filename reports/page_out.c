#include "reports/page_out.h"

#include <string.h>

enum err page_out_add(struct page_out *out, const void *bytes, size_t len, struct error *e)
{
    if (out->max_bytes && out->bytes + len > out->max_bytes)
        return error_set(e, ERR_LIMIT,
                         "the page would be larger than %llu MB, which few browsers and no mail server like: embed fewer texts "
                         "(--embed focus or none), or --force",
                         (unsigned long long)(out->max_bytes / 1000000));
    out->bytes += len;
    return out->write(bytes, len, out->context, e);
}

enum err page_out_text(struct page_out *out, const char *text, struct error *e)
{
    return page_out_add(out, text, strlen(text), e);
}

enum err page_write_strbuf(const void *bytes, size_t len, void *context, struct error *e)
{
    return strbuf_add(context, bytes, len) == OK ? OK : error_set(e, ERR_LIMIT, "the page does not fit into memory");
}
