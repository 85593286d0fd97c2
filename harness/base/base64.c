#include "base/base64.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static const char alphabet[64] = { "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" };

size_t base64_encoded_len(size_t len)
{
    return len / 3 * 4 + (len % 3 ? 4 : 0);
}

/* Two output characters for each 12 bits of input: half the look-ups of the 6-bit table, and 8 KiB stay in L1. */
static char pair_table[4096][2];

/* Value of each digit, or FOREIGN. */
enum { FOREIGN = 64 };
static unsigned char value_table[256];

static void fill_tables(void)
{
    memset(value_table, FOREIGN, sizeof(value_table));
    for (unsigned char i = 0; i < 64; i++)
        value_table[(unsigned char)alphabet[i]] = i;
    for (size_t i = 0; i < 4096; i++) {
        pair_table[i][0] = alphabet[i >> 6];
        pair_table[i][1] = alphabet[i & 63];
    }
}

static void need_tables(void)
{
    static pthread_once_t filled = PTHREAD_ONCE_INIT;
    (void)pthread_once(&filled, fill_tables);
}

static void encode_scalar(const unsigned char *in, size_t len, char *out)
{
    need_tables();
    for (; len >= 3; in += 3, len -= 3, out += 4) {
        memcpy(out, pair_table[in[0] << 4 | in[1] >> 4], 2);
        memcpy(out + 2, pair_table[(in[1] & 15) << 8 | in[2]], 2);
    }
    if (len == 0)
        return;
    unsigned second = len == 2 ? in[1] : 0;
    out[0] = alphabet[in[0] >> 2];
    out[1] = alphabet[(in[0] & 3u) << 4 | second >> 4];
    out[2] = len == 2 ? alphabet[(second & 15) << 2] : '=';
    out[3] = '=';
}

#if defined(__x86_64__)
/* 24 bytes in, 32 characters out. Wojciech Muła and Daniel Lemire, "Faster Base64 Encoding and Decoding using AVX2
   Instructions", 2018: multiplications move the 6-bit fields to byte positions, a shuffle adds each range's offset. */
__attribute__((target("avx2"))) static size_t encode_avx2(const unsigned char *in, size_t len, char *out)
{
    const __m256i spread =
        _mm256_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10, 1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
    const __m256i offset =
        _mm256_setr_epi8('a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                         '+' - 62, '/' - 63, 'A', 0, 0, 'a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                         '0' - 52, '0' - 52, '0' - 52, '+' - 62, '/' - 63, 'A', 0, 0);
    size_t done = 0;
    for (; len - done >= 28; done += 24, out += 32) { /* the upper load ends at byte 28 */
        __m128i low = _mm_loadu_si128((const void *)(in + done));
        __m128i high = _mm_loadu_si128((const void *)(in + done + 12));
        __m256i v = _mm256_shuffle_epi8(_mm256_set_m128i(high, low), spread);
        __m256i odd = _mm256_mulhi_epu16(_mm256_and_si256(v, _mm256_set1_epi32(0x0fc0fc00)), _mm256_set1_epi32(0x04000040));
        __m256i even = _mm256_mullo_epi16(_mm256_and_si256(v, _mm256_set1_epi32(0x003f03f0)), _mm256_set1_epi32(0x01000010));
        __m256i index = _mm256_or_si256(odd, even);
        __m256i range = _mm256_subs_epu8(index, _mm256_set1_epi8(51));
        __m256i upper_case = _mm256_cmpgt_epi8(_mm256_set1_epi8(26), index);
        range = _mm256_or_si256(range, _mm256_and_si256(upper_case, _mm256_set1_epi8(13)));
        _mm256_storeu_si256((void *)out, _mm256_add_epi8(_mm256_shuffle_epi8(offset, range), index));
    }
    return done;
}
#endif

void base64_encode(const void *bytes, size_t len, char *out)
{
    const unsigned char *in = bytes;
#if defined(__x86_64__)
    if (len >= 28 && __builtin_cpu_supports("avx2")) {
        size_t done = encode_avx2(in, len, out);
        in += done;
        len -= done;
        out += done / 3 * 4;
    }
#endif
    encode_scalar(in, len, out);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t skip_space(const char *text, size_t len, size_t at)
{
    while (at < len && is_space(text[at]))
        at++;
    return at;
}

/* One group of four at text + at; returns the bytes it holds, or 0 with *ret_bad = the offending offset. */
static size_t decode_group(const char *text, size_t len, size_t at, unsigned char three[3], size_t *ret_bad)
{
    uint32_t bits = 0;
    size_t padding = 0;
    for (size_t i = 0; i < 4; i++) {
        *ret_bad = at + i;
        if (at + i >= len)
            return 0;
        char c = text[at + i];
        if (c == '=' && i >= 2) {
            padding++;
            bits <<= 6;
            continue;
        }
        unsigned value = value_table[(unsigned char)c];
        if (value == FOREIGN || padding > 0)
            return 0;
        bits = bits << 6 | value;
    }
    three[0] = (unsigned char)(bits >> 16);
    three[1] = (unsigned char)(bits >> 8);
    three[2] = (unsigned char)bits;
    return 3 - padding;
}

/* Whole groups without padding or white space; stops before the first that is anything else. Returns the groups read. */
static size_t decode_plain(const char *text, size_t len, unsigned char *to)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t groups = 0;
    for (; len >= 4; p += 4, len -= 4, to += 3, groups++) {
        uint32_t a = value_table[p[0]], b = value_table[p[1]], c = value_table[p[2]], d = value_table[p[3]];
        if ((a | b | c | d) & FOREIGN)
            break;
        to[0] = (unsigned char)(a << 2 | b >> 4);
        to[1] = (unsigned char)(b << 4 | c >> 2);
        to[2] = (unsigned char)(c << 6 | d);
    }
    return groups;
}

/* `to` has room for len / 4 * 3 bytes. */
static enum err decode_all(const char *text, size_t len, unsigned char *to, size_t *ret_used, struct error *e)
{
    size_t used = 0;
    for (size_t at = skip_space(text, len, 0); at < len; at = skip_space(text, len, at)) {
        size_t groups = decode_plain(text + at, len - at, to + used);
        if (groups > 0) {
            at += groups * 4;
            used += groups * 3;
            continue;
        }
        unsigned char three[3];
        size_t bad;
        size_t got = decode_group(text, len, at, three, &bad);
        if (got == 0 && bad >= len)
            return error_set(e, ERR_SYNTAX, "base64 text ends in the middle of a group at offset %zu", bad);
        if (got == 0)
            return error_set(e, ERR_SYNTAX, "not base64 at offset %zu", bad);
        memcpy(to + used, three, got);
        used += got;
        at += 4;
        if (got < 3 && skip_space(text, len, at) < len)
            return error_set(e, ERR_SYNTAX, "base64 text goes on after its padding at offset %zu", skip_space(text, len, at));
    }
    *ret_used = used;
    return OK;
}

enum err base64_decode(const char *text, size_t len, struct strbuf *out, struct error *e)
{
    char *to = strbuf_reserve(out, len / 4 * 3);
    if (!to)
        return error_set(e, ERR_LIMIT, "base64 text of %zu bytes decodes to more than is allowed (%zu bytes)", len, out->max);

    need_tables();
    size_t used = 0;
    enum err rc = decode_all(text, len, (unsigned char *)to, &used, e);
    strbuf_commit(out, used); /* after a failure too: puts the NUL back in its place */
    return rc;
}
