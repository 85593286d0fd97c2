/*
 * anthropic_messages - the Messages API of Anthropic, as its servers and those that copy it speak it (docs/protocols.md).
 *
 * Source of the wire form: the public API reference, and the types of the official client (PyPI anthropic 2.13.0).
 */
#ifndef PROVIDER_ANTHROPIC_MESSAGES_H
#define PROVIDER_ANTHROPIC_MESSAGES_H

#include "provider/provider.h"

extern const struct provider_ops anthropic_messages;

#endif
