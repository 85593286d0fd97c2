#include "reports/points.h"

#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

double points_number(const cJSON *object, const char *key)
{
    double value;
    return json_number(object, key, &value) ? value : (double)NAN;
}

int points_decimals(const cJSON *difference)
{
    double half = (points_number(difference, "high") - points_number(difference, "low")) / 2;
    return half < 0.0025 ? 2 : 1;
}

void points_plain(double fraction, int decimals, struct strbuf *out)
{
    if (isnan(fraction))
        (void)strbuf_addch(out, '-');
    else
        (void)strbuf_addf(out, "%.*f", decimals, 100 * fraction);
}

void points_signed(double fraction, int decimals, struct strbuf *out)
{
    char text[64];
    if (isnan(fraction)) {
        (void)strbuf_addch(out, '-');
        return;
    }
    (void)snprintf(text, sizeof(text), "%+.*f", decimals, 100 * fraction);
    bool zero = strspn(text + 1, "0.") == strlen(text + 1);
    (void)strbuf_addstr(out, zero ? text + 1 : text);
}

void points_interval(double low, double high, int decimals, struct strbuf *out)
{
    if (isnan(low) || isnan(high))
        return;
    (void)strbuf_addch(out, '[');
    points_signed(low, decimals, out);
    (void)strbuf_addstr(out, ", ");
    points_signed(high, decimals, out);
    (void)strbuf_addch(out, ']');
}

void points_margin(double fraction, struct strbuf *out)
{
    double points = 100 * fraction;
    bool tenths = fabs(10 * points - round(10 * points)) < 1e-6;
    (void)strbuf_addf(out, "%.*f", tenths ? 1 : 2, points);
}

void points_p(double p, struct strbuf *out)
{
    char text[32];
    if (isnan(p)) {
        (void)strbuf_addstr(out, "n/t");
        return;
    }
    (void)snprintf(text, sizeof(text), "%.3f", p);
    (void)strbuf_addstr(out, p < 0.0005 ? "<.001" : text[0] == '0' ? text + 1 : text);
}
