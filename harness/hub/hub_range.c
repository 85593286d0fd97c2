#include "hub/hub_range.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool number(const char **p, int64_t *ret)
{
    int64_t value = 0;
    if (!isdigit((unsigned char)**p))
        return false;
    for (; isdigit((unsigned char)**p); ++*p) {
        if (value > INT64_MAX / 10 - 1)
            return false;
        value = value * 10 + (**p - '0');
    }
    *ret = value;
    return true;
}

bool hub_range_parse(const char *value, int64_t *ret_first, int64_t *ret_total)
{
    int64_t first, last, total = -1;
    if (strncasecmp(value, "bytes ", 6) != 0)
        return false;
    value += 6 + strspn(value + 6, " ");
    if (!number(&value, &first) || *value++ != '-' || !number(&value, &last) || *value++ != '/')
        return false;
    if (*value == '*')
        value++;
    else if (!number(&value, &total))
        return false;
    if (*value || last < first || (total >= 0 && last >= total))
        return false;
    *ret_first = first;
    *ret_total = total;
    return true;
}
