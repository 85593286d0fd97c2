/*
 * token_estimate - how many prompt tokens a request will have, before anybody counted them.
 *
 * Nobody but the server knows its tokenizer and how it cuts images, so the answer is a range: `low … high` is where the
 * count is expected, `most` what it is taken for when money is reserved.
 *
 *   text     Latin letters, digits and spaces: one token per 6 to 2.5 bytes; other ASCII: per 3 to 1; other scripts: per
 *            character 0.25 to 2. Most: one token a byte, which byte-level BPE (Radford et al. 2019) and byte fallback (Kudo
 *            and Richardson 2018, SentencePiece) never pass.
 *   template a chat template adds 3 to 80 tokens around a message, a policy model's up to 1024.
 *   image    by the model's family where its makers publish the rule, give or take a tenth:
 *              OpenAI      tiles of 512 px, or patches of 32 px for the small models; `detail: low` may be the server's choice
 *                          (platform.openai.com/docs/guides/images-vision)
 *              Claude      width x height / 750, long edge at most 1568 px (docs.anthropic.com, vision)
 *              Gemini      258 a tile (ai.google.dev, token counting)
 *              Qwen-VL     patches of 28 px (2, 2.5) or 32 px (3) within the processor's pixel limits (their preprocessor_config.json)
 *              Pixtral     patches of 16 px and a break a row, at most 1024 px; also what Scaleway bills by
 *              Mistral     patches of 28 px, at most 1540 px
 *              Llama       3.2: tiles of 560 px, 1601 tokens, at most 4. 4: tiles of 336 px, 144 tokens, at most 16 and the whole
 *              Gemma 3     256, five times that with pan and scan; InternVL: tiles of 448 px, 256 tokens, at most 12 and the whole
 *            Else the general rule: from 64 to a patch of 16 px a token, at most 16384.
 *
 * Threads   any; pure functions.
 */
#ifndef PROVIDER_TOKEN_ESTIMATE_H
#define PROVIDER_TOKEN_ESTIMATE_H

#include <stddef.h>
#include <stdint.h>

struct token_range {
    int64_t low, high, most;
};

struct token_range token_range_sum(struct token_range a, struct token_range b);
/* Without any template. */
struct token_range tokens_of_text(const char *text, size_t len);
/* What the template puts around a request's messages. */
struct token_range tokens_of_template(void);
/* `model` as the endpoint names it; a size of 0 x 0 is not known. */
struct token_range tokens_of_image(const char *model, int64_t width, int64_t height);

#endif
