/*
 * version - which gauntlet this is. GAUNTLET_COMMIT comes from the Makefile ("unknown" outside a checkout).
 */
#ifndef CORE_VERSION_H
#define CORE_VERSION_H

#define GAUNTLET_VERSION "0.1.0"

/* The git commit this binary was built from, with "+" when the tree had changes; "unknown" otherwise. */
const char *version_commit(void);

#endif
