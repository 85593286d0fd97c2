/*
 * catalogue_list - `ls endpoints --catalog`: the router's models that read images.
 */
#ifndef CLI_CATALOGUE_LIST_H
#define CLI_CATALOGUE_LIST_H

#include "cli/common.h"

/* Asks the first router endpoint of the configuration, or the Hugging Face router when there is none; prints table or document. */
enum err catalogue_list(struct workspace *w, bool json, struct error *e) MUST_CHECK;

#endif
