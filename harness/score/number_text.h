/*
 * number_text - the last number that a text states.
 */
#ifndef SCORE_NUMBER_TEXT_H
#define SCORE_NUMBER_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct number_text {
    double value;
    bool percent; /* a % sign follows; value is what stands before it */
};

/* Reads "-1,234.5e6 %": a sign (+, -, U+2212) that does not follow a digit, a letter or a closing bracket; thousands
   commas; a decimal point; an exponent. Digits that a letter precedes ("resnet50") are a name, not a number. */
bool number_text_last(const char *text, size_t len, struct number_text *ret);

#endif
