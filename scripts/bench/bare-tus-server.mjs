// A bare tus server, beside which `npm run bench -- bridge` measures: @tus/server with its own file store in a folder. With `sync`, it
// syncs the file at the end of an upload. Prints its address as a line of JSON.
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'

const [directory = '', mode] = process.argv.slice(2)
const server = new Server({
  path: '/files',
  datastore: new FileStore({ directory }),
  relativeLocation: true,
  async onUploadFinish(_request, { id }) {
    if (mode === 'sync') await sync(join(directory, id))
    return {}
  },
})
const listening = server.listen({ host: '127.0.0.1', port: 0 }, () => {
  console.log(JSON.stringify({ message: 'listening', url: `http://127.0.0.1:${listening.address().port}` }))
})

async function sync(path) {
  const file = await open(path, 'r+')
  await file.sync().finally(() => file.close())
}
