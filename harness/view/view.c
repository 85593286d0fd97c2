#include "view/view.h"

#include "base/listen.h"
#include "store/reader.h"
#include "view/view_server.h"

#include <string.h>
#include <unistd.h>

static enum err find_run(struct view *v, struct error *e)
{
    struct reader *reader;
    struct run_row run;
    if (!v->options.run && v->options.baseline)
        return error_set(e, ERR_INVALID, "--baseline: name the RUN that is held against it, too");
    if (!v->options.run)
        return OK;
    enum err rc = readers_take(v->readers, &reader, e);
    if (rc != OK)
        return rc;
    rc = store_run_find(reader->store, v->options.run, &reader->arena, &run, e);
    if (rc == OK) {
        (void)snprintf(v->run_id, sizeof(v->run_id), "%s", run.id);
        (void)snprintf(v->rules.run, sizeof(v->rules.run), "%s", run.id);
    }
    if (rc == OK && v->options.baseline) {
        rc = store_run_find(reader->store, v->options.baseline, &reader->arena, &run, e);
        if (rc == OK && strcmp(run.id, v->run_id) == 0)
            rc = error_set(e, ERR_INVALID, "--baseline: %s is the run itself", run.id);
        if (rc == OK)
            (void)snprintf(v->rules.base, sizeof(v->rules.base), "%s", run.id);
    }
    readers_give(v->readers, reader);
    return rc;
}

static enum err serve(struct view *v, struct error *e)
{
    int fd = -1;
    char authority[VIEW_MAX_AUTHORITY];
    enum err rc = listen_open(v->options.listen, &fd, authority, sizeof(authority), e);
    if (rc != OK)
        return rc;
    if (!listen_is_loopback(fd)) {
        (void)close(fd);
        return error_set(e, ERR_INVALID,
                         "cannot listen on '%s': other machines could reach it; give an address such as 127.0.0.1:0, and from another "
                         "machine use `ssh -L`",
                         v->options.listen);
    }
    admission_keys_make(authority, &v->keys);
    (void)snprintf(v->url, sizeof(v->url), "http://%s/?t=%s", authority, v->keys.url_token);
    return view_server_start(v, fd, e);
}

enum err view_start(const struct view_options *options, struct view **ret_v, struct error *e)
{
    struct error own;
    e = e ? e : &own;
    struct view *v = xcalloc(1, sizeof(*v));
    v->options = *options;
    v->rules.redact = options->redact;
    v->readers = readers_new(options->store_path);
    v->desk = label_desk_new(options->store_path, options->labeller);
    if (kept_open(options->store_path, &clock_real, &v->rules, &v->kept, e) != OK || find_run(v, e) != OK || serve(v, e) != OK) {
        view_stop(v);
        return e->code;
    }
    *ret_v = v;
    return OK;
}

const char *view_url(const struct view *v)
{
    return v->url;
}

void view_stop(struct view *v)
{
    if (!v)
        return;
    view_server_stop(v);
    label_desk_free(v->desk);
    kept_close(v->kept);
    readers_free(v->readers);
    free(v);
}
