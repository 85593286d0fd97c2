/*
 * tokens - words in normalised text: where one begins, whether a text stands there whole, and a short look ahead that
 * skips what stands between letters.
 *
 * A word is a run of letters, digits and accents. Scripts that are written without spaces (Chinese, Japanese, Korean with
 * its particles, Thai, …) never join a neighbour, nor do Latin letters and others, so a codeword is found inside them.
 */
#ifndef SCORE_TOKENS_H
#define SCORE_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool token_is_space(uint32_t c);
bool token_is_word(uint32_t c);
/* True when the two, side by side, belong to one word. */
bool token_joins(uint32_t before, uint32_t after);
/* The start of the first word at or after byte `pos`, which must not lie within one; `len` when there is none. */
size_t tokens_next(const char *text, size_t len, size_t pos);
/* The end of the word that starts at byte `start`. */
size_t tokens_end(const char *text, size_t len, size_t start);
/* Whether `needle` stands at byte `at` and no word runs on beyond either end of it. */
bool tokens_whole_at(const char *text, size_t len, size_t at, const char *needle, size_t needle_len);
/* Whether it stands so anywhere. A number's decimal point counts as inside it: "3" is not in "3.5". */
bool tokens_contain(const char *text, size_t len, const char *needle, size_t needle_len);

enum { TOKEN_WINDOW = 65, TOKEN_GAP = 4 };

/* The next word characters from some place on, across at most TOKEN_GAP others at a time ("K-E-S", "k e s"). */
struct token_window {
    uint32_t point[TOKEN_WINDOW];
    size_t end[TOKEN_WINDOW];    /* byte after point[i] */
    bool word_end[TOKEN_WINDOW]; /* no word runs on after point[i] */
    size_t count;
};

/* The first two word characters from byte `start`, where a word begins; ret_two[1] is 0 when none follows near enough. */
void tokens_first_two(const char *text, size_t len, size_t start, uint32_t ret_two[2]);
/* Reads up to `max` (at most TOKEN_WINDOW) word characters from byte `start`, where a word begins. */
void tokens_window(const char *text, size_t len, size_t start, size_t max, struct token_window *ret);

#endif
