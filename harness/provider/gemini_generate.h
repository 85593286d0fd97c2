/*
 * gemini_generate - generateContent and streamGenerateContent of Google's Gemini API (docs/protocols.md).
 *
 * Source of the wire form: the public REST reference, and the types of the official client (PyPI google-genai 3.6.1).
 */
#ifndef PROVIDER_GEMINI_GENERATE_H
#define PROVIDER_GEMINI_GENERATE_H

#include "provider/provider.h"

extern const struct provider_ops gemini_generate;

#endif
