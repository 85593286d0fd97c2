#include "base/text_rules.h"

#include "base/utf8.h"

uint32_t text_rules_next(const char *text, size_t len, size_t *pos)
{
    uint32_t c = utf8_next(text, len, pos);
    return c == 0 ? TEXT_NUL_SYMBOL : c;
}

bool text_rules_invisible(uint32_t c)
{
    return c == 0x061C || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || c == 0x2060 || (c >= 0x2066 && c <= 0x2069) ||
           c == 0xFEFF || (c >= 0xE0000 && c <= 0xE007F);
}

bool text_rules_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}
