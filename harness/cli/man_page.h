/*
 * man_page - the manual of all verbs as mdoc: harness/cli/manual/gauntlet.1.in with the program's tables in it.
 */
#ifndef CLI_MAN_PAGE_H
#define CLI_MAN_PAGE_H

#include "base/strbuf.h"

void man_page_write(struct strbuf *out);

#endif
