/*
 * concerns - what the catalogues say of a model that somebody should know before money is spent on it. Pure.
 *
 * None of them stops anything: catalogues are incomplete, and a route that is listed as down may answer.
 */
#ifndef EVIDENCE_CONCERNS_H
#define EVIDENCE_CONCERNS_H

#include "base/json.h"

#include <stdbool.h>

/* Calls `tell` for each, with words that may hold text of the catalogue: make them safe where they are shown. `facts` as facts.h
   makes them; `images`: requests will have some. */
void concerns_tell(const cJSON *facts, bool images, void (*tell)(const char *words, void *context), void *context);

#endif
