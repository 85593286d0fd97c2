/*
 * gd_library - libgd, loaded when the first picture is drawn.
 *
 * Linked, it would bring some eighty further libraries (codecs for formats that are never read here, window systems) into every start of
 * the program: 20 MB and 20 ms that a run does not need. So its functions are found by name; types and macros are those of gd.h.
 *
 * Threads   any.
 */
#ifndef THUMB_GD_LIBRARY_H
#define THUMB_GD_LIBRARY_H

#include <gd.h>

#define GD_FUNCTIONS(F)                                                                                                                    \
    F(gdSetErrorMethod)                                                                                                                    \
    F(gdImageCreateFromPngPtr)                                                                                                             \
    F(gdImageCreateFromJpegPtr)                                                                                                            \
    F(gdImageCreateFromWebpPtr)                                                                                                            \
    F(gdImageCreateFromGifPtr)                                                                                                             \
    F(gdImageCreateTrueColor)                                                                                                              \
    F(gdImagePaletteToTrueColor)                                                                                                           \
    F(gdImageJpegPtr)                                                                                                                      \
    F(gdImageDestroy)                                                                                                                      \
    F(gdFree)

struct gd_library {
#define GD_MEMBER(name) __typeof__(name) *name;
    GD_FUNCTIONS(GD_MEMBER)
#undef GD_MEMBER
};

/* NULL when libgd is not on this machine. It stays loaded. Its complaints to stderr are off. */
const struct gd_library *gd_library(void);

#endif
