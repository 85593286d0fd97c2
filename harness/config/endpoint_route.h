/*
 * endpoint_route - who answers an endpoint's requests: the rules of the Hugging Face router (providers.md sections 1 and 6).
 *
 * The router may send each request of one model to another provider, with other weights, templates and filters. So an
 * endpoint there names its provider, as `provider: novita`, as model `org/name:novita` or as an address of its own,
 * https://router.huggingface.co/novita/…, unless `allow_any_provider: true` says that the mixture is what is wanted.
 * `fastest`, `cheapest`, `preferred` and `auto` are no providers but wishes; a colon in front is allowed.
 *
 * A server on this machine may stand in for the router: there, `provider` or `allow_any_provider` makes it one. Everywhere
 * else a colon belongs to the model's name, and `provider` is refused.
 */
#ifndef CONFIG_ENDPOINT_ROUTE_H
#define CONFIG_ENDPOINT_ROUTE_H

#include "config/settings.h"

/* Reads `provider` and `allow_any_provider`; sets route, provider and allow_any_provider, and takes the provider off the end of a
   router's model. name, base_url and model are there.
   Also refuses the header X-HF-Bill-To, which says who pays, for a host that is neither the router nor this machine. */
enum err endpoint_route_read(const struct yaml_node *endpoint, struct arena *a, struct endpoint_config *c, struct error *e) MUST_CHECK;
/* True when the request goes to Hugging Face's router, in either form. */
bool endpoint_is_hf_router(const struct endpoint_config *c);
/* The provider whose answers count; NULL when any does. */
const char *endpoint_expected_provider(const struct endpoint_config *c);

#endif
