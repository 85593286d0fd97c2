/*
 * parquet_block - decoders of the two byte-oriented block formats, Snappy (raw) and LZ4 (raw block).
 *
 * Both are a page of code, and the libraries would bring a C++ run time or one more dependency; see docs/adr/005.
 *
 * Errors    false when the input is broken or does not yield exactly `to_len` bytes; nothing is written outside of `to`.
 */
#ifndef DATASET_PARQUET_BLOCK_H
#define DATASET_PARQUET_BLOCK_H

#include <stdbool.h>
#include <stddef.h>

bool parquet_snappy(const unsigned char *from, size_t from_len, unsigned char *to, size_t to_len);
bool parquet_lz4(const unsigned char *from, size_t from_len, unsigned char *to, size_t to_len);

#endif
