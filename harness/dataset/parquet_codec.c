#include "dataset/parquet_codec.h"

#include "core/limits.h"
#include "dataset/parquet_block.h"

#include <zlib.h>
#include <zstd.h>

typedef bool decoder(const unsigned char *from, size_t from_len, unsigned char *to, size_t to_len);

static bool decode_gzip(const unsigned char *from, size_t from_len, unsigned char *to, size_t to_len)
{
    enum { ANY_HEADER = 32 }; /* gzip or zlib, as it comes */
    z_stream z = { 0 };
    if (from_len > UINT32_MAX || to_len > UINT32_MAX || inflateInit2(&z, MAX_WBITS + ANY_HEADER) != Z_OK)
        return false;
    z.next_in = (Bytef *)(uintptr_t)from;
    z.avail_in = (uInt)from_len;
    z.next_out = to;
    z.avail_out = (uInt)to_len;
    int code = inflate(&z, Z_FINISH);
    while (code == Z_STREAM_END && z.avail_in > 0 && inflateReset(&z) == Z_OK) /* the next member */
        code = inflate(&z, Z_FINISH);
    (void)inflateEnd(&z);
    return code == Z_STREAM_END && z.avail_out == 0;
}

static bool decode_zstd(const unsigned char *from, size_t from_len, unsigned char *to, size_t to_len)
{
    return ZSTD_decompress(to, to_len, from, from_len) == to_len;
}

/* `most`: bytes out for a byte in, at the very best; `slack` bytes come on top. */
static const struct codec {
    const char *name;
    decoder *decode;
    size_t most;
} codecs[] = {
    [PARQUET_UNCOMPRESSED] = { "uncompressed", NULL, 1 },
    [PARQUET_SNAPPY] = { "Snappy", parquet_snappy, 32 },
    [PARQUET_GZIP] = { "gzip", decode_gzip, 1040 },
    [PARQUET_LZO] = { "LZO", NULL, 0 },
    [PARQUET_BROTLI] = { "Brotli", NULL, 0 },
    [PARQUET_LZ4_HADOOP] = { "LZ4 (the deprecated, Hadoop-framed one)", NULL, 0 },
    [PARQUET_ZSTD] = { "Zstandard", decode_zstd, 1 << 16 },
    [PARQUET_LZ4_RAW] = { "LZ4_RAW", parquet_lz4, 256 },
};

enum { SLACK = 64 };

enum err parquet_codec_check(int32_t codec, struct error *e)
{
    if (codec < 0 || (size_t)codec >= ARRAY_LEN(codecs))
        return error_set(e, ERR_UNSUPPORTED, "it is compressed with a codec that is not known (number %d)", (int)codec);
    if (codecs[codec].most == 0)
        return error_set(e, ERR_UNSUPPORTED,
                         "it is compressed with %s, which this build does not read (it reads Snappy, gzip, Zstandard, LZ4_RAW and "
                         "uncompressed files)",
                         codecs[codec].name);
    return OK;
}

enum err parquet_codec_decode(int32_t codec, const unsigned char *from, size_t from_len, size_t to_len, struct strbuf *buffer,
                              const unsigned char **ret, struct error *e)
{
    enum err err = parquet_codec_check(codec, e);
    if (err != OK)
        return err;
    const struct codec *c = &codecs[codec];
    if (!c->decode) {
        if (from_len != to_len)
            return error_set(e, ERR_SYNTAX, "%zu bytes are stored where %zu are promised", from_len, to_len);
        *ret = from;
        return OK;
    }
    if (to_len > MAX_PARQUET_PAGE_BYTES)
        return error_set(e, ERR_LIMIT, "it is larger than %zu MiB", MAX_PARQUET_PAGE_BYTES / MIB);
    if (to_len > from_len * c->most + SLACK)
        return error_set(e, ERR_SYNTAX, "%zu bytes of %s cannot hold the promised %zu", from_len, c->name, to_len);

    strbuf_clear(buffer);
    char *to = strbuf_reserve(buffer, to_len ? to_len : 1);
    if (!to)
        return error_set(e, ERR_LIMIT, "it is too large");
    if (!c->decode(from, from_len, (unsigned char *)to, to_len))
        return error_set(e, ERR_SYNTAX, "its %s data are damaged, or not the promised %zu bytes", c->name, to_len);
    strbuf_commit(buffer, to_len);
    *ret = (const unsigned char *)to;
    return OK;
}
