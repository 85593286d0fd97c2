/* Each asset, then a NUL. Assembled from the project's root, where the paths of assets.list begin. */
#define ASSET(name, path)              \
    .global asset_##name;              \
    .global asset_##name##_end;        \
    .balign 16;                        \
    asset_##name: .incbin path;        \
    asset_##name##_end: .byte 0;

    .section .rodata
#include "embed/assets.list"
    .section .note.GNU-stack, "", %progbits
