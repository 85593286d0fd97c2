/* The directory of a zip in memory: every name and every place that it gives lies inside the bytes. */
#include "dataset/zip_directory.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct zip_directory d;
    struct zip_entry entry;
    uint64_t packed = 0;
    bool more = true;
    enum err err = zip_directory_open(&d, bytes, len, "fuzz.zip", NULL);
    while (err == OK) {
        uint64_t at;
        err = zip_directory_next(&d, &more, &entry, NULL);
        if (err != OK || !more)
            break;
        const uint8_t *name = (const uint8_t *)entry.name;
        if (name < bytes || name > bytes + len || entry.name_len > (size_t)(bytes + len - name))
            abort();
        packed += entry.packed;
        if (packed > len)
            abort();
        if (zip_directory_place(&d, &entry, &at, NULL) == OK && (at > len || entry.packed > len - at))
            abort();
    }
    return 0;
}
