/*
 * limits - every ceiling on data from outside, in one list.
 */
#ifndef CORE_LIMITS_H
#define CORE_LIMITS_H

#include <stddef.h>

#define KIB ((size_t)1024)
#define MIB (KIB * 1024)
#define GIB (MIB * 1024)

#define MAX_YAML_BYTES (4 * MIB) /* config.yaml, suite.yaml, dataset.yaml */
#define MAX_YAML_DEPTH 32
#define MAX_YAML_NODES 200000
/* The three above, for yaml_load_file. */
#define YAML_LIMITS (&(const struct yaml_limits){ .bytes = MAX_YAML_BYTES, .nodes = MAX_YAML_NODES, .depth = MAX_YAML_DEPTH })
#define MAX_SECRET_BYTES (16 * KIB)
#define MAX_RECORD_BYTES (16 * MIB) /* one JSONL line, one CSV record, one object of a JSON data set */
#define MAX_CSV_COLUMNS 4096
#define MAX_PROMPT_BYTES (8 * MIB)
#define MAX_ID_BYTES 256
#define MAX_IMAGES 256 /* per sample */
#define MAX_IMAGE_BYTES (64 * MIB)
#define MAX_IMAGE_PIXELS 100000000u
#define MAX_IMAGE_SIDE 65535
#define MAX_THUMB_PIXELS 40000000u  /* of an image that is decoded to be shown: four bytes each */
#define MAX_ARCHIVE_MEMBERS 1000000 /* of one zip or tar */
#define MAX_ARCHIVE_RATIO 200       /* bytes out of an archive for each byte in it, once FREE_ARCHIVE_BYTES are out */
#define FREE_ARCHIVE_BYTES (256 * MIB)
#define MAX_ARCHIVE_BYTES (1024 * GIB) /* of all its members together */
#define MAX_RESPONSE_BYTES (16 * MIB)  /* decoded body of one reply */
#define MAX_EVIDENCE_BYTES (4 * MIB)   /* of one answer about an endpoint: the largest is a catalogue */
#define MAX_CATALOGUE_ROWS 5000        /* of the router: models times providers */
#define MAX_HEADER_BYTES (256 * KIB)   /* all headers of one reply */
#define MAX_JSON_DEPTH 200
#define MAX_EPOCHS 1000
#define MAX_RUN_NAME_BYTES 200
#define MAX_ENDPOINTS 256
#define MAX_SCORERS 32
#define MAX_PHRASES_BYTES (4 * MIB) /* a user's list of refusal phrases */
#define MAX_JUDGE_REPLY_BYTES (256 * KIB)
#define MAX_LABEL_FILE_BYTES GIB /* labels by people, with the answers beside them */
#define MAX_LABELLER_BYTES 100
#define MAX_JUDGE_ANCHOR 1000 /* stored answers that a run judges again, for each judge scorer */
#define MAX_LABEL_NOTE_BYTES 10000
#define MAX_LABELS 1000000 /* of one draw */
#define MAX_IN_FLIGHT 65536
#define MAX_IO_THREADS 64
#define MAX_ATTEMPTS 100
#define MAX_FINDINGS_SHOWN 20
#define MAX_PULL_FILES 1000000 /* of one repository of the Hub */
#define MAX_PULL_PAGES 20000   /* of its list of files */
#define MAX_PULL_PATH_BYTES 1024
#define MAX_PULL_NAME_BYTES 240 /* one component: ".incomplete" must fit behind it */
#define MAX_PULL_FILE_BYTES (1024 * GIB)
#define MAX_PULL_LOCK_BYTES (512 * MIB)    /* dataset.lock */
#define MAX_PARQUET_FILE_BYTES (256 * GIB) /* only mapped, never held */
#define MAX_PARQUET_FOOTER_BYTES (64 * MIB)
#define MAX_PARQUET_COLUMNS 8192                    /* elements of the schema; also key-value pairs */
#define MAX_PARQUET_CHUNKS ((size_t)1 << 20)        /* columns times row groups */
#define MAX_PARQUET_ROWS 100000000                  /* of one file */
#define MAX_PARQUET_PAGE_BYTES GIB                  /* decoded: a page may hold a hundred images */
#define MAX_PARQUET_DICTIONARY ((size_t)1 << 22)    /* entries */
#define MAX_PARQUET_LIST 65536                      /* elements of one list in one row */
#define MAX_TRANSFER_VALUE_BYTES (64 * 1024 * 1024) /* one value of a store that somebody else made */
#define MAX_CLAIMS 100                              /* of a suite */
#define MAX_CLAIM_TEXT_BYTES 1000
#define MAX_CARD_FILES 20 /* of one .eval_results folder */
#define MAX_SHARDS 10000  /* of one run */
#define MAX_TRANSFER_TRIALS 50000000
#define MAX_VIEW_BODY_BYTES (16 * KIB) /* of a request to the viewer; its head: 32 KiB of a connection */
#define MAX_VIEW_REPLY_BYTES (64 * MIB)
#define MAX_VIEW_ARGUMENTS 256
#define MAX_VIEW_PATH_BYTES 256

#endif
