#include "base/json_member.h"

#include "base/clock.h"

#include <math.h>

void json_member_text(cJSON *object, const char *key, const char *text)
{
    if (text)
        (void)cJSON_AddStringToObject(object, key, text);
    else
        (void)cJSON_AddNullToObject(object, key);
}

void json_member_word(cJSON *object, const char *key, const char *text)
{
    json_member_text(object, key, text && text[0] ? text : NULL);
}

void json_member_int(cJSON *object, const char *key, bool known, int64_t value)
{
    json_member_number(object, key, known ? (double)value : (double)NAN);
}

void json_member_number(cJSON *object, const char *key, double value)
{
    if (isfinite(value))
        (void)cJSON_AddNumberToObject(object, key, value);
    else
        (void)cJSON_AddNullToObject(object, key);
}

void json_member_parsed(cJSON *object, const char *key, const char *text)
{
    cJSON *json = text ? cJSON_Parse(text) : NULL;
    cJSON_AddItemToObject(object, key, json ? json : cJSON_CreateNull());
}

void json_member_time(cJSON *object, const char *key, int64_t wall_us)
{
    CLEANUP(strbuf_release) struct strbuf time = STRBUF_INIT;
    clock_format_utc(wall_us, true, &time);
    json_member_text(object, key, wall_us > 0 ? time.buf : NULL);
}
