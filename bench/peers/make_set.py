"""Writes the same samples in every form that a peer reads. usage: make_set.py DIR SAMPLES image|text

samples.jsonl and dataset.yaml for gauntlet and Inspect, tests.json for promptfoo, images/metadata.jsonl or texts.jsonl for
lm-evaluation-harness. Each image is another PNG of 224 x 224 random pixels: 150 KB that nobody can shrink, not by encoding it
again either, which lm-evaluation-harness does.
"""

import json
import random
import struct
import sys
import zlib
from pathlib import Path

SIDE = 224
DATASET = """gauntlet_dataset: 1
name: peers
version: "1"
format: jsonl
files: [{path: samples.jsonl}]
licence: {id: CC0-1.0, redistribute: true}
source: {kind: local, id: bench}
"""


def png(noise):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + noise.randbytes(3 * SIDE) for _ in range(SIDE))
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


def write_lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def main():
    folder, count, with_images = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "image"
    noise = random.Random(7)
    folder.mkdir(parents=True)
    (folder / "images").mkdir()
    prompts = [f"Sample {i}: " + " ".join(f"word{noise.randrange(10**4)}" for _ in range(20 if with_images else 90)) for i in range(count)]
    names = [f"images/{i}.png" if with_images else None for i in range(count)]
    for name in filter(None, names):
        (folder / name).write_bytes(png(noise))
    (folder / "dataset.yaml").write_text(DATASET, encoding="utf-8")
    rows = list(enumerate(zip(prompts, names)))
    write_lines(folder / "samples.jsonl", [
        {"id": f"s{i}", "intent": "i", "category": "C", "prompt": p, "images": [n] if n else []} for i, (p, n) in rows
    ])
    tests = [{"vars": {"prompt": p} | ({"path": str(folder.resolve() / n)} if n else {})} for _, (p, n) in rows]
    (folder / "tests.json").write_text(json.dumps(tests), encoding="utf-8")
    if with_images:
        write_lines(folder / "images" / "metadata.jsonl", [{"file_name": Path(n).name, "prompt": p} for _, (p, n) in rows])
    else:
        write_lines(folder / "texts.jsonl", [{"prompt": p} for _, (p, _) in rows])


main()
