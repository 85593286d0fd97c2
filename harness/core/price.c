#include "core/price.h"

double price_cost(const struct price *p, int64_t prompt_tokens, int64_t completion_tokens)
{
    if (!p->known || prompt_tokens < 0 || completion_tokens < 0)
        return -1;
    return ((double)prompt_tokens * p->input + (double)completion_tokens * p->output) / 1e6;
}
