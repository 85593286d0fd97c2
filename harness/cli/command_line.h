/*
 * command_line - the command as it was typed, for the provenance of a run: quoted for a shell, without anything private.
 *
 * Secrets do not come from the command line (interface.md section 2), but people paste: what looks like a credential
 * (base/secret_text.h), the keys and the private headers of the configuration become ****. The home folder becomes ~.
 */
#ifndef CLI_COMMAND_LINE_H
#define CLI_COMMAND_LINE_H

#include "base/strbuf.h"
#include "config/settings.h"

/* Appends "gauntlet VERB …". `home` may be NULL or "": then no folder is shortened. `s` may have no endpoints. */
void command_line_redacted(int argc, char *const *argv, const char *home, const struct settings *s, struct strbuf *out);
/* Appends `word` so that a shell reads it as that one word: as it is, or in quotes. */
void command_line_quote(const char *word, struct strbuf *out);

#endif
