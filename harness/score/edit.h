/*
 * edit - how far two words are apart, in code points.
 */
#ifndef SCORE_EDIT_H
#define SCORE_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True when one insertion, deletion, replacement or swap of neighbours turns one into the other; false for equal words. */
bool edit_is_one(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count);
/* Levenshtein's distance (insert, delete, replace). O(a_count * b_count) time, O(b_count) memory. */
size_t edit_distance(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count);

#endif
