#include "cli/split_files.h"

#include "base/cleanup.h"
#include "base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char beginning[] = "gauntletChunk(";

void split_files_of(const char *page_path, struct split_files *ret_files)
{
    static const char *const ending[] = { ".html", ".htm" };
    size_t len = strlen(page_path);
    *ret_files = (struct split_files){ .folder = STRBUF_INIT };
    for (size_t i = 0; i < ARRAY_LEN(ending); i++) {
        size_t its = strlen(ending[i]);
        if (len > its && page_path[len - its - 1] != '/' && strcmp(page_path + len - its, ending[i]) == 0) {
            len -= its;
            break;
        }
    }
    (void)strbuf_add(&ret_files->folder, page_path, len);
    (void)strbuf_addstr(&ret_files->folder, "_files");
}

const char *split_files_name(const struct split_files *f)
{
    const char *slash = strrchr(f->folder.buf, '/');
    return slash ? slash + 1 : f->folder.buf;
}

/* Whether the folder's file may be replaced or removed by us: ours, or not there. */
static bool is_ours(int folder, const char *name)
{
    char first[sizeof(beginning) - 1];
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT;
    struct stat st;
    bool ours = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && read(fd, first, sizeof(first)) == (ssize_t)sizeof(first) &&
                memcmp(first, beginning, sizeof(first)) == 0;
    (void)close(fd);
    return ours;
}

static int open_folder(const char *path)
{
    return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

enum err split_files_chunk(size_t number, const void *bytes, size_t len, void *files, struct error *e)
{
    struct split_files *f = files;
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    char name[40];
    (void)snprintf(name, sizeof(name), "chunk-%zu.js", number);
    if (mkdir(f->folder.buf, 0777) != 0 && errno != EEXIST)
        return error_os(e, errno, "cannot make the folder '%s' for --split", f->folder.buf);
    int folder = open_folder(f->folder.buf);
    if (folder < 0)
        return error_os(e, errno, "cannot use '%s' for --split", f->folder.buf);
    bool ours = is_ours(folder, name);
    (void)close(folder);
    fs_join(f->folder.buf, name, &path);
    if (!ours)
        return error_set(e, ERR_INVALID, "'%s' is no chunk of a report: move it away, or give the report another name with -o", path.buf);
    if (number >= f->count)
        f->count = number + 1;
    return fs_write_file(path.buf, bytes, len, e);
}

/* The number of "chunk-N.js", as it is written here; false for any other name. */
static bool chunk_number(const char *name, size_t *ret_number)
{
    char again[40], *end;
    if (strncmp(name, "chunk-", 6) != 0 || name[6] < '0' || name[6] > '9')
        return false;
    *ret_number = strtoul(name + 6, &end, 10);
    (void)snprintf(again, sizeof(again), "chunk-%zu.js", *ret_number);
    return strcmp(again, name) == 0;
}

enum err split_files_prune(const struct split_files *f, struct error *e)
{
    int folder = open_folder(f->folder.buf);
    if (folder < 0)
        return errno == ENOENT ? OK : error_os(e, errno, "cannot look into '%s'", f->folder.buf);
    DIR *entries = fdopendir(folder);
    if (!entries) {
        (void)close(folder);
        return error_os(e, errno, "cannot look into '%s'", f->folder.buf);
    }
    enum err rc = OK;
    for (const struct dirent *x; rc == OK && (x = readdir(entries));) {
        size_t number;
        if (chunk_number(x->d_name, &number) && number >= f->count && is_ours(folder, x->d_name) && unlinkat(folder, x->d_name, 0) != 0)
            rc = error_os(e, errno, "cannot remove '%s/%s' of an earlier report", f->folder.buf, x->d_name);
    }
    (void)closedir(entries);
    return rc;
}

void split_files_release(struct split_files *f)
{
    strbuf_release(&f->folder);
}
