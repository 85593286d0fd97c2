/*
 * probe_view - what `check --probe` found out, for people: a short block of aligned lines for each endpoint.
 *
 * Reads the objects that engine/probe.h made. Their texts came from outside and are made safe for a terminal here; what was
 * not told is left out.
 */
#ifndef CLI_PROBE_VIEW_H
#define CLI_PROBE_VIEW_H

#include "base/strbuf.h"

#include <cjson/cJSON.h>

/* Appends a block for each probe of the array; nothing for NULL. */
void probe_view_text(const cJSON *probes, struct strbuf *out);

#endif
