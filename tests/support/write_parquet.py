#!/usr/bin/env python3
"""Writes Parquet files with pyarrow, a writer that has nothing to do with the reader under test.

usage: write_parquet.py fixtures DIR        the fixtures of tests/unit/dataset
       write_parquet.py set DIR SEED COUNT  COUNT data sets with options drawn from SEED: DIR/N/data.parquet,
                                            DIR/N/images, lines "name<TAB>sha256", and DIR/N/rows, lines
                                            [id, intent, prompt, {further columns}]

Pictures are tiny grey PNGs, stored and not deflated, so that their bytes follow from their number.
"""
import decimal
import hashlib
import json
import os
import random
import struct
import sys
import zlib

import pyarrow as pa
import pyarrow.parquet as pq

IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
IMAGE_TURNED = pa.struct([("path", pa.string()), ("bytes", pa.binary())])


def png(number, side=4):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    raw = b"".join(b"\0" + bytes((number * 7 + x + y) % 256 for x in range(side)) for y in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw, 0)) + chunk(b"IEND", b"")


# ---- Fixtures: every value follows from the row's number; test_parquet.c computes the same ----

ROWS = 12


def rows_table():
    rows = range(ROWS)
    return pa.table({
        "id": pa.array([f"s-{i}" for i in rows]),
        "intent": pa.array(["Say the codeword"] * ROWS),
        "category": pa.array([["A", "B", None][i % 3] for i in rows]),
        "image": pa.array([{"bytes": png(i), "path": f"{i}.png"} for i in rows], IMAGE),
        "images": pa.array([[{"bytes": png(100 + i * 3 + j), "path": None} for j in range(i % 3)] for i in rows], pa.list_(IMAGE)),
        "tags": pa.array([None if i % 5 == 4 else [f"t{j}" for j in range(i % 4)] for i in rows], pa.list_(pa.string())),
        "n": pa.array([i * 1000000007 for i in rows], pa.int64()),
        "f": pa.array([i / 4 for i in rows], pa.float32()),
        "ok": pa.array([i % 2 == 0 for i in rows]),
        "meta": pa.array([{"topic": f"topic {i % 2}", "score": i} for i in rows]),
    })


def odd_table():
    """Images that are not there, point elsewhere, or are sounds."""
    features = {"image": {"_type": "Image"}, "sound": {"_type": "Audio"}, "id": {"dtype": "string", "_type": "Value"},
                "more": {"feature": {"_type": "Image"}, "_type": "List"}}
    table = pa.table({
        "id": pa.array(["held", "elsewhere", "nothing", "absent", "empty"]),
        "intent": pa.array(["Say the codeword"] * 5),
        "prompt": pa.array(["What is it?"] * 5),
        "image": pa.array([{"bytes": png(1), "path": "1.png"}, {"bytes": None, "path": "2.png"}, {"bytes": None, "path": None}, None,
                           {"bytes": b"", "path": "3.png"}], IMAGE_TURNED),
        "sound": pa.array([{"bytes": b"RIFF\xff", "path": "1.wav"}] * 5, IMAGE),
        "more": pa.array([None, [], [], [], []], pa.list_(IMAGE)),
        "raw": pa.array([png(50), None, None, None, None], pa.binary()),
    })
    return table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})


def types_table():
    return pa.table({
        "i8": pa.array([-128, 127, None], pa.int8()),
        "u32": pa.array([0, 4294967295, None], pa.uint32()),
        "u64": pa.array([1, 18446744073709551615, None], pa.uint64()),
        "i64": pa.array([-9007199254740993, 9007199254740992, None], pa.int64()),
        "f64": pa.array([1e300, -0.5, None], pa.float64()),
        "nan": pa.array([float("nan"), float("inf"), 1.0], pa.float64()),
        "price": pa.array([decimal.Decimal("12.34"), decimal.Decimal("-0.05"), None], pa.decimal128(7, 2)),
        "yes": pa.array([True, None, False]),
        "nested": pa.array([[[1]], [], None], pa.list_(pa.list_(pa.int32()))),
        "talk": pa.array([[{"from": "a", "value": "hello"}, {"from": "b", "value": None}], [], None],
                         pa.list_(pa.struct([("from", pa.string()), ("value", pa.string())]))),
        "fixed": pa.array([b"\xff\xfe\xfd", b"abc", None], pa.binary(3)),
    })


def write_fixtures(out):
    rows = rows_table()

    def write(name, table, **options):
        pq.write_table(table, os.path.join(out, name), store_schema=False, write_statistics=False, **options)

    write("snappy_groups.parquet", rows, compression="snappy", row_group_size=5)
    write("zstd_v2.parquet", rows, compression="zstd", data_page_version="2.0", write_page_checksum=True)
    write("gzip_mixed.parquet", rows, compression="gzip", dictionary_pagesize_limit=250, write_batch_size=2, data_page_size=150)
    write("none_pages.parquet", rows, compression="none", data_page_size=1, write_batch_size=1, row_group_size=8)
    delta = {"id": "DELTA_BYTE_ARRAY", "intent": "DELTA_LENGTH_BYTE_ARRAY", "n": "DELTA_BINARY_PACKED",
             "image.bytes": "DELTA_LENGTH_BYTE_ARRAY", "image.path": "DELTA_BYTE_ARRAY"}
    write("lz4_delta.parquet", rows, compression="lz4", use_dictionary=False, column_encoding=delta, data_page_version="2.0")
    pq.write_table(odd_table(), os.path.join(out, "odd_images.parquet"), compression="zstd")  # the schema brings the key-values
    write("types.parquet", types_table(), compression="snappy", store_decimal_as_integer=True)
    folder = pa.table({"file_name": ["1.png", "deep/2.png"], "intent": ["Say the codeword"] * 2, "prompt": ["What is it?", "And this?"]})
    write("metadata.parquet", folder, compression="gzip")
    write("brotli.parquet", rows.select(["id", "n"]), compression="brotli")


# ---- Random sets ----

def random_table(draw, count):
    def picture():
        return png(draw.randrange(1000), draw.choice([4, 16, 60]))

    def image():
        return None if draw.random() < 0.1 else {"bytes": picture(), "path": draw.choice([None, "a.png"])}

    def text():
        return None if draw.random() < 0.2 else draw.choice(["", "codeword", "long " * draw.randrange(200), f"t{draw.randrange(9)}"])

    def several(make):
        return None if draw.random() < 0.1 else [make() for _ in range(draw.choice([0, 1, 2, 9]))]

    rows = range(count)
    images = [several(lambda: {"bytes": picture(), "path": None}) for _ in rows]
    return pa.table({
        "id": pa.array([f"id-{i}" for i in rows]),
        "intent": pa.array([f"Say codeword {i % 7}" for i in rows]),
        "prompt": pa.array([f"What is {i}?" for i in rows]),
        "note": pa.array([text() for _ in rows], pa.string()),
        "image": pa.array([image() for _ in rows], draw.choice([IMAGE, IMAGE_TURNED])),
        "images": pa.array(images, pa.list_(IMAGE)),
        "tags": pa.array([several(text) for _ in rows], pa.list_(pa.string())),
        "n": pa.array([draw.choice([None, draw.randrange(-2**52, 2**52), i]) for i in rows], pa.int64()),
    })


def random_options(draw):
    options = {
        "compression": draw.choice(["snappy", "zstd", "gzip", "none", "lz4"]),
        "data_page_version": draw.choice(["1.0", "2.0"]),
        "row_group_size": draw.choice([3, 40, 1000]),
        "data_page_size": draw.choice([64, 2000, 1000000]),
        "write_batch_size": draw.choice([1, 10, 1000]),
        "write_page_checksum": draw.random() < 0.3,
        "write_page_index": draw.random() < 0.3,
    }
    if draw.random() < 0.5:
        options["dictionary_pagesize_limit"] = draw.choice([100, 3000])
    elif draw.random() < 0.5:
        byte_arrays = ["DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY", "PLAIN"]
        options["use_dictionary"] = False
        options["column_encoding"] = {"id": draw.choice(byte_arrays), "note": draw.choice(byte_arrays), "n": "DELTA_BINARY_PACKED",
                                      "image.bytes": draw.choice(byte_arrays), "images.list.element.bytes": draw.choice(byte_arrays)}
    return options


def write_set(folder, draw):
    table = random_table(draw, draw.choice([1, 13, 150]))
    os.makedirs(folder, exist_ok=True)
    options = random_options(draw)
    pq.write_table(table, os.path.join(folder, "data.parquet"), **options)
    with open(os.path.join(folder, "images"), "w", encoding="utf-8") as out:
        for number, row in enumerate(table.to_pylist()):
            held = [("image", row["image"])] + [(f"images/{i}", image) for i, image in enumerate(row["images"] or [])]
            for place, image in held:
                if image:
                    out.write(f"data.parquet#{number}/{place}\t{hashlib.sha256(image['bytes']).hexdigest()}\n")
    with open(os.path.join(folder, "rows"), "w", encoding="utf-8") as out:
        for row in table.to_pylist():
            extra = {key: row[key] for key in ("note", "tags", "n") if row[key] is not None}
            out.write(json.dumps([row["id"], row["intent"], row["prompt"], extra], ensure_ascii=False) + "\n")
    with open(os.path.join(folder, "options"), "w", encoding="utf-8") as out:
        json.dump(options, out)


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "fixtures":
        write_fixtures(sys.argv[2])
    elif len(sys.argv) == 5 and sys.argv[1] == "set":
        draw = random.Random(int(sys.argv[3]))
        for i in range(int(sys.argv[4])):
            write_set(os.path.join(sys.argv[2], str(i)), draw)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
