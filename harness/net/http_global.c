/* What the process as a whole needs before the first client; declared in http.h. */
#include "net/http.h"

#include "base/descriptors.h"

#include <curl/curl.h>
#include <malloc.h>
#include <signal.h>

/* libcurl allocates and frees an upload buffer for every streamed body. By default glibc hands such blocks back to the
   kernel and faults them in again page by page, which costs more than sending the body does. */
static void keep_large_blocks(void)
{
#ifdef __GLIBC__
    (void)mallopt(M_MMAP_THRESHOLD, 1024 * 1024);
    (void)mallopt(M_TRIM_THRESHOLD, 64 * 1024 * 1024);
#endif
}

enum err http_global_init(struct error *e)
{
    keep_large_blocks();
    (void)descriptors_raise();
    CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (code != CURLE_OK)
        return error_set(e, ERR_UNSUPPORTED, "cannot start libcurl: %s", curl_easy_strerror(code));
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    if (sigaction(SIGPIPE, &ignore, NULL) != 0)
        return error_set(e, ERR_IO, "cannot ignore SIGPIPE");
    return OK;
}

void http_global_cleanup(void)
{
    curl_global_cleanup();
}
