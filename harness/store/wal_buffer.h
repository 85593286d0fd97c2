/*
 * wal_buffer - a SQLite VFS that appends to "-wal" in large pieces.
 *
 * SQLite writes each frame of a commit in two calls, 24 bytes and a page, and a commit of the journal has some thirty frames. This VFS
 * is the system's own but for that file: what is appended to it is gathered, and written in one call when SQLite syncs it, or reads,
 * measures or cuts what has been gathered.
 *
 * It relies on synchronous=FULL: every commit syncs "-wal" before other connections are told of its frames
 * (https://www.sqlite.org/fileformat2.html#walindexformat). So what is gathered is never more than one transaction that nobody else can
 * see, and what is on the disk after a commit is what it always was.
 *
 * Threads   any; a file belongs to its connection, as in SQLite.
 * Errors    a write that fails is reported by the call that made it necessary, mostly the sync; the transaction is then rolled back.
 */
#ifndef STORE_WAL_BUFFER_H
#define STORE_WAL_BUFFER_H

/* Registers it with SQLite; NULL when that fails: the name then stands for SQLite's own, which works as well. Once per process. */
const char *wal_buffer_vfs(void);

#endif
