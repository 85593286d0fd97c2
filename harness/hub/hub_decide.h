/*
 * hub_decide - what a reply means for the file that was asked for. Pure; a table test visits the cells.
 */
#ifndef HUB_DECIDE_H
#define HUB_DECIDE_H

#include "base/http_msg.h"
#include "hub/hub_api.h"

#include <stdbool.h>

enum hub_step {
    HUB_SEAL,    /* all of it has come: compare */
    HUB_FOLLOW,  /* a redirect */
    HUB_AGAIN,   /* later, from where it broke off */
    HUB_RESTART, /* later, from the first byte */
    HUB_PAUSE,   /* a rate limit: nothing is asked for a while, then again */
    HUB_GIVE_UP, /* this file cannot be had */
    HUB_STOP     /* no file can be had */
};

struct hub_outcome {
    enum http_fault fault;
    int status;
    enum hub_trouble trouble; /* of the status */
    bool elsewhere;           /* it was the CDN that answered, or what a redirect led to */
    bool disk_failed;         /* it could not be written */
    bool misfit;              /* another part, or more than was asked for: it was cut off */
    bool perhaps_whole;       /* its size is not known, and some of it is there: a 416 may mean that there is no more */
    int hops;                 /* redirects so far */
};

enum hub_step hub_decide(const struct hub_outcome *o);

#endif
