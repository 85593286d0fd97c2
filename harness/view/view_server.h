/*
 * view_server - the inside of a running viewer, and microhttpd's callbacks.
 *
 * Everything a peer sends has a ceiling: the head 32 KiB, a body 16 KiB, a connection 30 s without a byte, 64 connections.
 */
#ifndef VIEW_VIEW_SERVER_H
#define VIEW_VIEW_SERVER_H

#include "view/admission.h"
#include "view/kept.h"
#include "view/label_desk.h"
#include "view/readers.h"
#include "view/view.h"
#include "view/view_exchange.h"

struct MHD_Daemon;

struct view {
    struct view_options options;
    struct MHD_Daemon *daemon;
    struct admission_keys keys;
    struct readers *readers;
    struct kept *kept;
    struct label_desk *desk;
    struct view_rules rules;
    char run_id[64]; /* the page to begin with; "" = the list */
    char url[VIEW_MAX_AUTHORITY + 64];
};

/* Listens on a bound socket, which is the server's from now on. */
enum err view_server_start(struct view *v, int fd, struct error *e) MUST_CHECK;
void view_server_stop(struct view *v);

#endif
