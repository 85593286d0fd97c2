#include "hub/hub_decide.h"

#include "hub/hub_session.h"

/* The CDN knows nothing of accounts: when it refuses, the signed address has run out, and the Hub gives another. */
static enum hub_step of_error(const struct hub_outcome *o)
{
    switch (o->trouble) {
    case HUB_TROUBLE_RATE: return HUB_PAUSE;
    case HUB_TROUBLE_SERVER: return HUB_AGAIN;
    case HUB_TROUBLE_GATED:
    case HUB_TROUBLE_TOKEN:
    case HUB_TROUBLE_HIDDEN:
    case HUB_TROUBLE_NO_REPO:
    case HUB_TROUBLE_NO_REVISION:
    case HUB_TROUBLE_FORBIDDEN:
    case HUB_TROUBLE_DISABLED: return o->elsewhere ? HUB_AGAIN : HUB_STOP;
    case HUB_TROUBLE_NO_FILE:
    case HUB_TROUBLE_NONE:
    case HUB_TROUBLE_OTHER: break;
    }
    return HUB_GIVE_UP;
}

enum hub_step hub_decide(const struct hub_outcome *o)
{
    if (o->disk_failed)
        return HUB_STOP;
    if (o->misfit)
        return HUB_RESTART;
    if (o->fault == HTTP_FAULT_CERTIFICATE)
        return HUB_STOP;
    if (o->fault != HTTP_FAULT_NONE)
        return HUB_AGAIN;
    if (o->status == 200 || o->status == 206)
        return HUB_SEAL;
    if (o->status == 416)
        return o->perhaps_whole ? HUB_SEAL : HUB_RESTART;
    if (o->status >= 300 && o->status < 400)
        return o->hops < HUB_MAX_HOPS && o->status != 304 ? HUB_FOLLOW : HUB_GIVE_UP;
    return o->status >= 400 ? of_error(o) : HUB_AGAIN;
}
