/*
 * parquet_page - one page of a column chunk: its header, and its body taken apart into levels and values.
 *
 * Owner     a page borrows the file's bytes and, when it was compressed, the caller's buffer.
 * Errors    ERR_SYNTAX, ERR_LIMIT, ERR_UNSUPPORTED. Sizes are held against what is there before they are believed; a check
 *           sum is compared when there is one.
 */
#ifndef DATASET_PARQUET_PAGE_H
#define DATASET_PARQUET_PAGE_H

#include "dataset/parquet_schema.h"
#include "dataset/parquet_values.h"

enum parquet_page_type { PARQUET_DATA_PAGE, PARQUET_INDEX_PAGE, PARQUET_DICTIONARY_PAGE, PARQUET_DATA_PAGE_V2 };

struct parquet_page_header {
    int32_t type;
    size_t header_bytes, compressed_bytes, decoded_bytes;
    int32_t entry_count; /* values and nulls; of a dictionary: values */
    int32_t encoding, def_encoding, rep_encoding;
    int32_t def_bytes, rep_bytes; /* version 2 */
    bool is_compressed;           /* false: as it is, whatever the codec */
    bool has_crc;
    uint32_t crc;
};

struct parquet_page {
    struct parquet_levels rep, def;
    struct parquet_values values;
};

/* `len` bytes are left in the chunk; the whole page must lie in them. */
enum err parquet_page_header_read(const unsigned char *bytes, size_t len, struct parquet_page_header *ret, struct error *e) MUST_CHECK;
/* `body` follows the header. `buffer` takes the decoded bytes, `joined` belongs to the values. */
enum err parquet_page_open(const struct parquet_page_header *h, const unsigned char *body, int32_t codec, const struct parquet_leaf *leaf,
                           const struct parquet_dictionary *dictionary, struct strbuf *buffer, struct strbuf *joined,
                           struct parquet_page *ret, struct error *e) MUST_CHECK;
/* The bytes of a dictionary page. */
enum err parquet_page_decode(const struct parquet_page_header *h, const unsigned char *body, int32_t codec, struct strbuf *buffer,
                             const unsigned char **ret, struct error *e) MUST_CHECK;

#endif
