#include "core/version.h"

#ifndef GAUNTLET_COMMIT
#define GAUNTLET_COMMIT "unknown"
#endif

const char *version_commit(void)
{
    return GAUNTLET_COMMIT;
}
