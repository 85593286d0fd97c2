/* Archives through the one door. The first byte tells the kind, the rest is the file: what its index has can be asked for, and
   either comes with the size that was promised or is refused. The same file is read as a WebDataset shard too. */
#include "base/fs.h"
#include "dataset/archive_index.h"
#include "dataset/archive_reader.h"
#include "dataset/webdataset.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

struct reading {
    const struct archive_index *index;
    struct archive_reader *reader;
};

static enum err read_member(void *context, const struct archive_member *m, struct error *e)
{
    struct reading *r = context;
    struct image_bytes read = { 0 };
    (void)e;
    if (m->unsafe)
        return OK;
    const struct archive_place *place = archive_index_find(r->index, m->name);
    if (!place || (m->place.problem && !place->problem))
        abort();
    if (!place->problem && archive_reader_read(r->reader, place, m->name, &read, NULL) == OK) {
        volatile unsigned char sum = 0; /* every byte is there */
        if (read.len != place->size)
            abort();
        for (size_t i = 0; i < read.len; i++)
            sum = (unsigned char)(sum + read.bytes[i]);
    }
    image_bytes_release(&read);
    return OK;
}

static void read_index(const char *path, const char *name)
{
    static struct recent_members recent;
    struct archive_index *x = NULL;
    struct reading r = { 0 };
    if (archive_index_open(path, name, &x, NULL) != OK)
        return;
    (void)archive_index_warning(x);
    r.index = x;
    if (archive_reader_new(x, &recent, &r.reader, NULL) == OK) {
        if (archive_walk(path, name, read_member, &r, NULL) != OK)
            abort();
    }
    archive_reader_free(r.reader);
    recent_members_drop(&recent, NULL);
    archive_index_close(x);
}

static void read_shard(const char *path, const char *name)
{
    struct webdataset *w = NULL;
    bool more = true;
    enum err err = webdataset_open(path, name, &w, NULL);
    while (err == OK) {
        struct webdataset_sample sample = { 0 };
        err = webdataset_next(w, &more, &sample, NULL);
        if (err != OK || !more)
            break;
        if ((sample.object == NULL) != (sample.problem != NULL))
            abort();
        cJSON_Delete(sample.object);
    }
    webdataset_close(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const char *const names[] = { "fuzz.zip", "fuzz.tar", "fuzz.tar.gz", "fuzz.tar.zst" };
    static char path[64];
    if (len < 1)
        return 0;
    const char *name = names[bytes[0] % 4];
    if (!path[0])
        (void)snprintf(path, sizeof(path), "/tmp/gauntlet-fuzz-archive.%d", (int)getpid());
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes + 1, 1, len - 1, file) != len - 1 || fclose(file) != 0)
        abort();
    read_index(path, name);
    if (name != names[0])
        read_shard(path, name);
    (void)unlink(path);
    return 0;
}
