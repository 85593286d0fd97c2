/*
 * comparisons - the comparisons that a page holds, one for each endpoint that the baseline has, too.
 *
 * In the model of a page `compare`, `gate` and `baseline` are those of the endpoint whose gate decides: the worst verdict, and of
 * equals the first. `others` holds the rest, each an object with the same three members. page_documents.h says what they are.
 */
#ifndef REPORTS_COMPARISONS_H
#define REPORTS_COMPARISONS_H

#include <cjson/cJSON.h>

/* `list`: an array of objects with compare and gate, and baseline where there is one, in the order of the endpoints. Takes it. */
void comparisons_put(cJSON *model, cJSON *list);
/* What holds the three members of the endpoint as candidate: the model itself or one of `others`; NULL = it is not compared. */
const cJSON *comparisons_of(const cJSON *model, const char *endpoint);

#endif
