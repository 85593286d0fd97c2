#include "score/number_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DIGITS = 400 }; /* of one number; beyond it lies nothing that a double can tell apart */

static const char minus_sign[] = "\xE2\x88\x92"; /* U+2212 */

static bool is_digit(const char *text, size_t len, size_t at)
{
    return at < len && text[at] >= '0' && text[at] <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* A comma and exactly three digits. */
static bool is_thousands(const char *text, size_t len, size_t at)
{
    return at < len && text[at] == ',' && is_digit(text, len, at + 1) && is_digit(text, len, at + 2) && is_digit(text, len, at + 3) &&
           !is_digit(text, len, at + 4);
}

/* Appends to the digits; false when there are too many. */
static bool push(char *digits, size_t *count, char c)
{
    if (*count >= MAX_DIGITS)
        return false;
    digits[(*count)++] = c;
    return true;
}

static bool push_digits(const char *text, size_t len, size_t *at, char *digits, size_t *count)
{
    bool fits = true;
    while (is_digit(text, len, *at))
        fits = push(digits, count, text[(*at)++]) && fits;
    return fits;
}

/* Whether "e5", "E-5" stands at `at`. */
static bool is_exponent(const char *text, size_t len, size_t at)
{
    if (at >= len || (text[at] | 0x20) != 'e')
        return false;
    at++;
    return is_digit(text, len, at) || (at < len && (text[at] == '-' || text[at] == '+') && is_digit(text, len, at + 1));
}

/* Reads the number whose first digit or point is at *at; moves *at behind it. False when no double can hold it. */
static bool read_number(const char *text, size_t len, size_t *at, struct number_text *ret)
{
    char digits[MAX_DIGITS + 1];
    size_t count = 0;
    bool fits = push_digits(text, len, at, digits, &count);
    bool grouped = count >= 1 && count <= 3;
    while (grouped && is_thousands(text, len, *at)) {
        (*at)++;
        fits = push_digits(text, len, at, digits, &count) && fits;
    }
    if (*at < len && text[*at] == '.' && is_digit(text, len, *at + 1)) {
        fits = push(digits, &count, text[(*at)++]) && fits;
        fits = push_digits(text, len, at, digits, &count) && fits;
    }
    if (is_exponent(text, len, *at)) {
        fits = push(digits, &count, text[(*at)++]) && fits;
        if (text[*at] == '-' || text[*at] == '+')
            fits = push(digits, &count, text[(*at)++]) && fits;
        fits = push_digits(text, len, at, digits, &count) && fits;
    }
    digits[count] = '\0';
    ret->value = fits ? strtod(digits, NULL) : INFINITY;
    return isfinite(ret->value);
}

/* Whether the number at `at` has a minus sign that is its own and not that of a difference. */
static bool is_negative(const char *text, size_t at)
{
    size_t width = 0;
    if (at >= 1 && text[at - 1] == '-')
        width = 1;
    else if (at >= strlen(minus_sign) && memcmp(text + at - strlen(minus_sign), minus_sign, strlen(minus_sign)) == 0)
        width = strlen(minus_sign);
    if (width == 0 || at == width)
        return width > 0;
    char before = text[at - width - 1];
    return !(before >= '0' && before <= '9') && !is_letter(before) && before != ')' && before != ']' && before != '-';
}

bool number_text_last(const char *text, size_t len, struct number_text *ret)
{
    bool found = false;
    for (size_t at = 0; at < len;) {
        bool point = text[at] == '.' && is_digit(text, len, at + 1) && !is_digit(text, at, at ? at - 1 : 0);
        if (!point && !is_digit(text, len, at)) {
            at++;
            continue;
        }
        size_t start = at;
        struct number_text number = { 0 };
        bool minus = is_negative(text, start);
        bool name = start > 0 && is_letter(text[start - 1]) && !minus;
        if (!read_number(text, len, &at, &number) || name)
            continue;
        size_t sign = at;
        while (sign < len && text[sign] == ' ')
            sign++;
        number.percent = sign < len && text[sign] == '%';
        number.value = minus ? -number.value : number.value;
        *ret = number;
        found = true;
    }
    return found;
}
