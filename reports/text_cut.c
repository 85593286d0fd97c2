#include "reports/text_cut.h"

size_t text_cut(const char *text, size_t len)
{
    size_t cut = MAX_TEXT_BYTES;
    if (len <= cut)
        return len;
    while (cut > 0 && ((unsigned char)text[cut] & 0xc0) == 0x80)
        cut--;
    return cut;
}
