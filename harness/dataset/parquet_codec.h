/*
 * parquet_codec - undoes the compression of one page.
 *
 * Read are none, Snappy, gzip (also of several members), Zstandard and LZ4_RAW. The old LZ4 codec (Hadoop's framing, which
 * writers disagree about), Brotli, LZO and what is newer are refused by name.
 *
 * Errors    ERR_UNSUPPORTED for a codec that is not read, ERR_LIMIT for a size above the ceiling, ERR_SYNTAX for data that
 *           do not yield exactly the promised bytes. A size that the codec cannot reach from so few bytes is refused
 *           before any memory is asked for.
 */
#ifndef DATASET_PARQUET_CODEC_H
#define DATASET_PARQUET_CODEC_H

#include "base/strbuf.h"

#include <stdint.h>

/* The format's numbers. */
enum parquet_codec {
    PARQUET_UNCOMPRESSED,
    PARQUET_SNAPPY,
    PARQUET_GZIP,
    PARQUET_LZO,
    PARQUET_BROTLI,
    PARQUET_LZ4_HADOOP,
    PARQUET_ZSTD,
    PARQUET_LZ4_RAW
};

/* OK when pages of this codec can be read. */
enum err parquet_codec_check(int32_t codec, struct error *e) MUST_CHECK;
/* `to_len` bytes for `from`: in place when nothing is compressed, else in `buffer`, whose former content is gone. */
enum err parquet_codec_decode(int32_t codec, const unsigned char *from, size_t from_len, size_t to_len, struct strbuf *buffer,
                              const unsigned char **ret, struct error *e) MUST_CHECK;

#endif
