#include "provider/reply_pieces.h"

#include "core/limits.h"

#include <string.h>

void pieces_init(struct reply_pieces *p)
{
    *p = (struct reply_pieces){ .usage = USAGE_UNKNOWN };
    strbuf_init(&p->content, MAX_RESPONSE_BYTES);
    strbuf_init(&p->reasoning, MAX_RESPONSE_BYTES);
    strbuf_init(&p->refusal, MAX_RESPONSE_BYTES);
    strbuf_init(&p->finish_reason, MAX_RESPONSE_BYTES);
    strbuf_init(&p->filter_words, MAX_RESPONSE_BYTES);
    strbuf_init(&p->model, MAX_RESPONSE_BYTES);
    strbuf_init(&p->fingerprint, MAX_RESPONSE_BYTES);
    strbuf_init(&p->id, MAX_RESPONSE_BYTES);
}

void pieces_release(struct reply_pieces *p)
{
    strbuf_release(&p->content);
    strbuf_release(&p->reasoning);
    strbuf_release(&p->refusal);
    strbuf_release(&p->finish_reason);
    strbuf_release(&p->filter_words);
    strbuf_release(&p->model);
    strbuf_release(&p->fingerprint);
    strbuf_release(&p->id);
}

void pieces_replace(struct strbuf *kept, const char *text)
{
    if (!text || !*text)
        return;
    strbuf_clear(kept);
    (void)strbuf_addstr(kept, text);
}

void pieces_keep_first(struct strbuf *kept, const char *text)
{
    if (!kept->len)
        pieces_replace(kept, text);
}

void pieces_append(struct strbuf *kept, const char *text)
{
    if (text)
        (void)strbuf_addstr(kept, text);
}

void pieces_finish(struct reply_pieces *p, const char *word, const struct finish_word *table)
{
    if (!word || !*word)
        return;
    pieces_replace(&p->finish_reason, word);
    p->finish = FINISH_OTHER;
    for (; table->word; table++)
        if (strcmp(table->word, word) == 0)
            p->finish = table->finish;
}
