/*
 * text_rules - what the sinks of text_safe share: decoding, and which characters nobody sees.
 */
#ifndef BASE_TEXT_RULES_H
#define BASE_TEXT_RULES_H

#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TEXT_REPLACEMENT = 0xFFFD, TEXT_NUL_SYMBOL = 0x2400, TEXT_CR_SYMBOL = 0x240D };

/* The next code point of hostile text: U+FFFD for a maximal invalid part, U+2400 for NUL. */
uint32_t text_rules_next(const char *text, size_t len, size_t *pos);
/* Invisible and bidirectional characters: they hide text or show it in another order. */
bool text_rules_invisible(uint32_t c);
/* C0, DEL and C1. */
bool text_rules_control(uint32_t c);

#endif
