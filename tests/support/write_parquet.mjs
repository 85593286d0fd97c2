/* Writes a Parquet file with hyparquet-writer, which shares no code with pyarrow nor with the reader under test.
   usage: node write_parquet.mjs FILE EXPECTED [ROWS [PAGE_BYTES [ROWS_PER_GROUP]]]
   EXPECTED gets lines "FILE-NAME#ROW/image<TAB>sha256". The package is looked for where node looks, NODE_PATH included. */
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { deflateSync, crc32 } from 'node:zlib'
import { pathToFileURL } from 'node:url'

const found = createRequire(import.meta.url).resolve('hyparquet-writer')
const { ByteWriter, parquetWrite } = await import(pathToFileURL(found).href)

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind), data])
  const head = Buffer.alloc(4), tail = Buffer.alloc(4)
  head.writeUInt32BE(data.length)
  tail.writeUInt32BE(crc32(body))
  return Buffer.concat([head, body, tail])
}

/* The same picture as png() of write_parquet.py. */
function png(number, side = 4) {
  const raw = Buffer.alloc(side * (side + 1))
  for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) raw[y * (side + 1) + 1 + x] = (number * 7 + x + y) % 256
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side, 0)
  head.writeUInt32BE(side, 4)
  head[8] = 8
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', head),
    chunk('IDAT', deflateSync(raw, { level: 0 })), chunk('IEND', Buffer.alloc(0))])
}

const [file, expected, rowCount = '12', pageSize = '1000000', rowGroupSize = '1000'] = process.argv.slice(2)
const rows = Array.from({ length: Number(rowCount) }, (_, i) => i)
const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' }
const columnData = [
  { name: 'id', data: rows.map(i => `s-${i}`), encoding: 'DELTA_BYTE_ARRAY' },
  { name: 'intent', data: rows.map(() => 'Say the codeword') },
  { name: 'category', data: rows.map(i => ['A', 'B', undefined][i % 3]) },
  { name: 'image', data: rows.map(i => ({ bytes: png(i), path: `${i}.png` })) },
  { name: 'tags', data: rows.map(i => i % 5 === 4 ? undefined : Array.from({ length: i % 4 }, (_, j) => `t${j}`)) },
  { name: 'n', data: rows.map(i => BigInt(i) * 1000000007n), encoding: 'DELTA_BINARY_PACKED' },
  { name: 'ok', data: rows.map(i => i % 2 === 0) },
]
const schema = [
  { name: 'root', num_children: columnData.length },
  { name: 'id', ...text }, { name: 'intent', ...text }, { name: 'category', ...text },
  { name: 'image', repetition_type: 'OPTIONAL', num_children: 2 },
  { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' }, { name: 'path', ...text },
  { name: 'tags', repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 }, { name: 'element', ...text },
  { name: 'n', type: 'INT64', repetition_type: 'OPTIONAL' },
  { name: 'ok', type: 'BOOLEAN', repetition_type: 'OPTIONAL' },
]
const writer = new ByteWriter()
parquetWrite({ writer, columnData, schema, pageSize: Number(pageSize), rowGroupSize: Number(rowGroupSize) })
writeFileSync(file, Buffer.from(writer.getBuffer()))
const hash = bytes => createHash('sha256').update(bytes).digest('hex')
writeFileSync(expected, rows.map(i => `${basename(file)}#${i}/image\t${hash(png(i))}\n`).join(''))
