/*
 * option_letter - the letter of the option that an answer to a multiple-choice question names.
 */
#ifndef SCORE_OPTION_LETTER_H
#define SCORE_OPTION_LETTER_H

#include <stddef.h>

/* Index of the named option (A = 0) among `count` options (at most 26), or -1. Tried in this order: the answer is a lone
   letter ("b", "**B**") · one letter stands in brackets, and no other does ("(B)") · it begins with "B." or "B)" · the
   last "answer is B", "answer: (B)". */
int option_letter(const char *text, size_t len, size_t count);

#endif
