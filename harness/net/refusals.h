/*
 * refusals - whether the 429s of an endpoint speak of a limit, or come by chance.
 *
 * Some servers refuse now and then for reasons of their own, whatever is asked of them. Slowing down does not help there, and a
 * client that slows down each time ends at a crawl. So of refusals that stand alone two things are believed in turn:
 *
 *   taken      each is a limit, and window and pace give way. A quota that is known refuses only what goes beyond it, chance
 *              refuses anything: so each refusal that a quota would not have made adds to the doubt, and each that it would
 *              have made takes from it. At some doubt (the patience), if they were few among many answers, it is tried out:
 *   ignored    nothing gives way but for the wait that the refusal asks for. A limit soon shows: what is asked is refused again
 *              and again, or the refusals come after the same number of requests each time. Then they are taken once more, and
 *              the patience doubles; it is small again when many answers came without such a sign.
 *
 * "Again and again" is a sequential probability ratio test (Wald 1945) of one refusal in two against one in ten, begun by each
 * refusal over what left after it was known, so that the many in flight which one moment refuses count once.
 *
 * Time      int64_t microseconds of the monotonic clock.
 * Threads   one: the endpoint's dispatcher.
 */
#ifndef NET_REFUSALS_H
#define NET_REFUSALS_H

#include <stdbool.h>
#include <stdint.h>

enum refusal {
    REFUSAL_IGNORED, /* by chance, as far as one knows: wait as you are told, and go on as before */
    REFUSAL_TRIED,   /* the same, from this one on: what earlier ones have cut may be given back */
    REFUSAL_ALONE,   /* taken for a limit, though it stands alone */
    REFUSAL_REGULAR, /* a limit: a small bucket, full again after each pause */
    REFUSAL_LIMIT    /* a limit: what was asked after a refusal is refused as well */
};

/* Whether a quota would have made it. */
enum foreseen {
    FORESEEN_TOLD,   /* yes: the endpoint has said that little is left */
    FORESEEN_BEYOND, /* likely: more was asked than is known to be granted */
    FORESEEN_UNKNOWN,
    FORESEEN_NOT /* hardly: no more was asked than was granted before */
};

enum { REFUSALS_STARTS = 64 };

struct refusals {
    bool ignored;
    int patience;       /* doubt at which it is tried out */
    int doubt;          /* that those taken speak of a limit; >= 0 */
    int taken;          /* refusals since the last sign of one; those of one moment count once */
    int64_t granted;    /* requests that were not refused, of all */
    int64_t taken_from; /* `granted` when the first of the taken ones came */
    int64_t calm_from;  /* `granted` when the last sign of a limit was seen */

    bool testing;
    int64_t started, refused, answered; /* since the test began: in flight then or since, and what became of them */
    int64_t refused_start_us, known_us; /* when the request left that was refused last, and when we knew */
    int overtaking;                     /* what left in between, and was not refused */
    int64_t last_granted, gap;          /* `granted` at the last refusal, and what came between the last two */
    int gaps_alike;                     /* how often in a row a gap was like the one before */
    int64_t start_us[REFUSALS_STARTS];  /* of the last requests */
    unsigned start_count;
};

void refusals_init(struct refusals *r);
void refusals_started(struct refusals *r, int64_t now_us);
void refusals_answered(struct refusals *r);
/* Neither an answer nor a refusal came of it. */
void refusals_failed(struct refusals *r);
/* in_flight counts the refused one. */
enum refusal refusals_add(struct refusals *r, enum foreseen foreseen, int in_flight, int64_t start_us, int64_t now_us);
/* The last one asks to wait until then: who asks for long has counted something. */
void refusals_wish(struct refusals *r, int64_t until_us);
/* One that came while the endpoint refuses everything anyway: it says nothing new. */
void refusals_pass(struct refusals *r);

#endif
