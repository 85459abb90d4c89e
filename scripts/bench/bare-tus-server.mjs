// A bare tus server, beside which `npm run bench -- bridge` measures: @tus/server with its own file store in a folder. With `sync`, it
// syncs the file at the end of an upload. With `record` and the address of a database, it also does what no service can leave out that
// promises to deliver the same bytes: it hashes them, syncs their final name, and writes a row. Prints its address as a line of JSON.
import { createHash } from 'node:crypto'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'
import pg from 'pg'

const [directory = '', mode, database] = process.argv.slice(2)
const hashes = new Map()

class HashingStore extends FileStore {
  write(source, id, offset) {
    const hash = createHash('sha256')
    hashes.set(id, hash)
    const hashing = new Transform({
      transform(chunk, _encoding, done) {
        hash.update(chunk)
        done(null, chunk)
      },
    })
    return super.write(source.pipe(hashing), id, offset)
  }
}

const pool = mode === 'record' ? new pg.Pool({ connectionString: database }) : undefined
await pool?.query('create table uploads (id text primary key, sha256 text, received_at timestamptz default now())')
const server = new Server({
  path: '/files',
  datastore: mode === 'record' ? new HashingStore({ directory }) : new FileStore({ directory }),
  relativeLocation: true,
  async onUploadFinish(_request, { id }) {
    if (mode !== 'none') await sync(join(directory, id), 'r+')
    if (mode === 'record') await record(id)
    return {}
  },
})
const listening = server.listen({ host: '127.0.0.1', port: 0 }, () => {
  console.log(JSON.stringify({ message: 'listening', url: `http://127.0.0.1:${listening.address().port}` }))
})

async function record(id) {
  await rename(join(directory, id), join(directory, `${id}.sealed`))
  await sync(directory, 'r')
  const values = [id, hashes.get(id).digest('hex')]
  await pool.query({ name: 'record', text: 'insert into uploads (id, sha256) values ($1, $2)', values })
  hashes.delete(id)
}

async function sync(path, flags) {
  const file = await open(path, flags)
  await file.sync().finally(() => file.close())
}
