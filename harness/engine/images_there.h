/*
 * images_there - before a run goes on: are the images still where they were when it was planned?
 *
 * A trial whose image is gone is skipped, and that is final. A folder that is not mounted today would so end every trial that is
 * left. So the first images that pending trials need are looked for, and when there is none of them the run is not begun.
 */
#ifndef ENGINE_IMAGES_THERE_H
#define ENGINE_IMAGES_THERE_H

#include "store/store.h"

/* OK when no pending trial needs an image, or one of the first that are needed is there. Else ERR_NOT_FOUND, with the folder. */
enum err images_there(struct store *s, const char *run_id, struct error *e) MUST_CHECK;

#endif
