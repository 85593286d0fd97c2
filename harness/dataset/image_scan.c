/*
 * Bounded queues feed the workers; one mutex guards the `done` of all facts, because an image takes far longer than a lock.
 * Files of their own go to all workers but one. Parts of archives, Parquet files and records go to that one in the order of
 * the data: such places are read best from front to back, and each worker would have to open them for itself.
 */
#include "dataset/image_scan.h"

#include "base/arena.h"
#include "base/queue.h"
#include "base/vec.h"
#include "dataset/id_table.h"
#include "dataset/image_source.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum { MAX_SCAN_THREADS = 16, THREADS_PER_PROCESSOR = 4, QUEUE_LENGTH = 4096 };

struct image_scan {
    const char *root;
    struct arena facts; /* the asking thread's */
    struct image_fact **fact;
    size_t count, cap;
    struct id_table names; /* name → index into fact */
    struct queue *files, *parts;
    pthread_t thread[MAX_SCAN_THREADS + 1];
    size_t thread_count;
    pthread_mutex_t lock;
    pthread_cond_t ready;
    atomic_bool stop;
};

static void look(struct image_source *source, struct image_fact *fact)
{
    struct image_bytes read;
    struct error e;
    if (image_source_read(source, fact->name, &read, &e) != OK) {
        fact->unreadable = xstrdup(e.msg);
        return;
    }
    fact->bytes = read.len;
    fact->info = image_probe(read.bytes, read.len);
    fact->sha256 = sha256_of(read.bytes, read.len);
    image_bytes_release(&read);
}

static void *work(struct image_scan *s, struct queue *todo)
{
    struct image_source *source = image_source_new(s->root);
    void *item;
    while (queue_pop_many(todo, &item, 1) == 1) {
        struct image_fact *fact = item;
        if (!atomic_load(&s->stop))
            look(source, fact);
        (void)pthread_mutex_lock(&s->lock);
        fact->done = true;
        (void)pthread_cond_signal(&s->ready);
        (void)pthread_mutex_unlock(&s->lock);
    }
    image_source_free(source);
    return NULL;
}

static void *work_on_files(void *scan)
{
    struct image_scan *s = scan;
    return work(s, s->files);
}

static void *work_on_parts(void *scan)
{
    struct image_scan *s = scan;
    return work(s, s->parts);
}

static bool start(struct image_scan *s, void *(*run)(void *))
{
    if (pthread_create(&s->thread[s->thread_count], NULL, run, s) != 0)
        return false;
    (void)pthread_setname_np(s->thread[s->thread_count], "image scan");
    s->thread_count++;
    return true;
}

static size_t thread_count(int wanted)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    long n = wanted > 0 ? wanted : THREADS_PER_PROCESSOR * (processors > 0 ? processors : 1);
    return n > MAX_SCAN_THREADS ? MAX_SCAN_THREADS : (size_t)n;
}

struct image_scan *image_scan_new(const char *root, int threads)
{
    struct image_scan *s = xcalloc(1, sizeof(*s));
    size_t wanted = thread_count(threads);
    s->root = root;
    s->files = queue_new(QUEUE_LENGTH);
    s->parts = queue_new(QUEUE_LENGTH);
    (void)pthread_mutex_init(&s->lock, NULL);
    (void)pthread_cond_init(&s->ready, NULL);
    if (start(s, work_on_parts))
        while (s->thread_count <= wanted && start(s, work_on_files))
            ;
    return s;
}

void image_scan_free(struct image_scan *s)
{
    if (!s)
        return;
    atomic_store(&s->stop, true);
    queue_close(s->files);
    queue_close(s->parts);
    for (size_t i = 0; i < s->thread_count; i++)
        (void)pthread_join(s->thread[i], NULL);
    queue_free(s->files);
    queue_free(s->parts);
    for (size_t i = 0; i < s->count; i++)
        free((char *)(uintptr_t)s->fact[i]->unreadable);
    free(s->fact);
    id_table_release(&s->names);
    arena_release(&s->facts);
    (void)pthread_cond_destroy(&s->ready);
    (void)pthread_mutex_destroy(&s->lock);
    free(s);
}

const struct image_fact *image_scan_ask(struct image_scan *s, const char *name)
{
    struct id_place *known = id_table_add(&s->names, name, strlen(name), (struct id_place){ .line = (int64_t)s->count });
    if (known)
        return s->fact[known->line];

    struct image_fact *fact = arena_alloc(&s->facts, sizeof(*fact));
    *fact = (struct image_fact){ .name = arena_strdup(&s->facts, name) };
    s->fact = vec_grow(s->fact, s->count, &s->cap, sizeof(struct image_fact *));
    s->fact[s->count++] = fact;
    if (s->thread_count > 1) {
        (void)queue_push(image_source_is_file(name) ? s->files : s->parts, fact);
        return fact;
    }
    struct image_source *source = image_source_new(s->root); /* threads could not be made: slowly, then */
    look(source, fact);
    image_source_free(source);
    fact->done = true;
    return fact;
}

void image_scan_wait(struct image_scan *s, const struct image_fact *fact)
{
    (void)pthread_mutex_lock(&s->lock);
    while (!fact->done)
        (void)pthread_cond_wait(&s->ready, &s->lock);
    (void)pthread_mutex_unlock(&s->lock);
}

size_t image_scan_count(const struct image_scan *s)
{
    return s->count;
}

const struct image_fact *image_scan_fact(const struct image_scan *s, size_t index)
{
    assert(index < s->count);
    return s->fact[index];
}
