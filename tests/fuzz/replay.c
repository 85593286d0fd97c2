/*
 * replay - runs a fuzz target over its corpus, so that every find stays found without clang.
 *
 * The corpus is tests/fuzz/corpus/<name> for fuzz_<name>. One TAP line per target: it passes when nothing crashed.
 */
#include "base/fs.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static int replay_file(const char *path)
{
    struct strbuf text = STRBUF_INIT;
    if (fs_read_file(path, (size_t)64 << 20, &text, NULL) != OK)
        return -1;
    uint8_t *exact = malloc(text.len ? text.len : 1); /* no slack behind the bytes: over-reads show */
    if (!exact)
        return -1;
    memcpy(exact, text.buf, text.len);
    (void)LLVMFuzzerTestOneInput(exact, text.len);
    free(exact);
    strbuf_release(&text);
    return 0;
}

int main(int argc, char **argv)
{
    (void)argc;
    const char *name = strstr(argv[0], "fuzz_");
    char dir[512];
    (void)snprintf(dir, sizeof(dir), "tests/fuzz/corpus/%s", name ? name + strlen("fuzz_") : "");
    char *suffix = strstr(dir, "_replay");
    if (suffix)
        *suffix = '\0';

    int count = 0;
    DIR *d = opendir(dir);
    for (struct dirent *entry; d && (entry = readdir(d));) {
        char path[1024];
        (void)snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
        if (entry->d_name[0] != '.' && replay_file(path) == 0)
            count++;
    }
    if (d)
        closedir(d);
    printf("%s 1 - %d inputs of %s replayed\n1..1\n", count > 0 ? "ok" : "not ok", count, dir);
    return count > 0 ? 0 : 1;
}
