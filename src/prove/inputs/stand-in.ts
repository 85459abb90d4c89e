import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram } from '../../base/index.ts'
import type { Environment, Fact, HandbookFile } from '../../environments/index.ts'
import { bareEnvironment } from '../../environments/pure.ts'
import type { Taking } from './takings.ts'

/** Programs that only work on what they are given: they are the real ones. */
export const REAL =
  `bash sh env node cat cut awk sed grep egrep head tail tr wc sort uniq date printf echo true false test [
  basename dirname mktemp seq tee xargs jq expr paste comm diff cmp sha256sum base64 od perl curl timeout mkfifo id
  uname hostname rm cp mv ln mkdir rmdir touch chmod readlink realpath cksum md5sum split fold rev tac nl numfmt`.split(
    /\s+/,
  )

/** An environment in which everything that is asked stands in for the real one, and gives no answer to judge by. */
export interface StandIn {
  readonly environment: Environment
  /** The values of its secrets; without them they are read. */
  readonly secrets?: Readonly<Record<string, string>>
  /** The folders of programs that blocks see. */
  readonly path: string
  /** How often something of it was asked so far. */
  readonly countAsked: () => number
  /** Whether its commands note that they were called: those that are not there cannot. */
  readonly notes: boolean
  readonly close: () => Promise<void>
}

/** Opens one. `commands` are the programs that the blocks call; the real ones are looked for in `realPath`. */
export async function openStandIn(
  taking: Taking,
  file: HandbookFile,
  { commands, realPath }: { readonly commands: readonly string[]; readonly realPath: string | undefined },
): Promise<StandIn> {
  const folder = mkdtempSync(join(tmpdir(), 'handbook-inputs-'))
  const path = join(folder, 'bin')
  const log = join(folder, 'asked')
  mkdirSync(path)
  writeFileSync(log, '')
  for (const name of REAL) {
    const real = findProgram([name], realPath)
    if (real !== undefined) symlinkSync(real, join(path, name))
  }
  // Nobody waits longer because a block does.
  writeFileSync(join(path, 'sleep'), `#!/bin/sh\nexec '${findProgram(['sleep'], realPath) ?? 'sleep'}' 0.02\n`, {
    mode: 0o755,
  })
  const asked = [
    ...commands.filter(name => /^[\w.+-]+$/.test(name) && !REAL.includes(name) && name !== 'sleep'),
    SERVICE,
  ]
  for (const name of new Set(asked)) {
    if (taking.command === undefined) continue
    writeFileSync(join(path, name), `#!/bin/bash\necho x >> '${log}'\n${taking.command}\n`)
    chmodSync(join(path, name), 0o755)
  }
  const server = await listen(taking, () => appendFileSync(log, 'x\n'))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const service = Object.fromEntries(
    ['start', 'stop', 'restart', 'reload', 'status', 'logs'].map(action => [action, `${SERVICE} ${action}`]),
  )
  return {
    environment: {
      ...bareEnvironment('stand-in'),
      auto: 'read',
      target: Object.fromEntries(
        Object.entries(file.target).map(([name, { type }]) => [name, makeFact(name, type, url, folder)]),
      ),
      services: Object.fromEntries(file.services.map(name => [name, service])),
      secrets: Object.fromEntries(Object.entries(file.secrets).map(([name, { for: who }]) => [name, { for: who }])),
      prometheusUrl: url,
    },
    secrets: Object.fromEntries(Object.keys(file.secrets).map(name => [name, 'stands-in-for-a-secret'])),
    path,
    notes: taking.command !== undefined,
    countAsked: () => readFileSync(log).length,
    async close() {
      await close(server)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Milliseconds after which a server that does not answer closes the connection. */
const LATE = 100

const SERVICE = 'service-of-the-stand-in'

function makeFact(name: string, type: string, url: string, folder: string): Fact {
  if (type === 'number') return 1
  if (type === 'boolean') return true
  return /url$/i.test(name) ? url : join(folder, name)
}

/** Starts a server that answers so, and notes each request. */
export async function listen({ http }: Taking, note: () => void): Promise<Server> {
  const server = createServer((request, response) => {
    note()
    request.resume()
    if (http === 'never') {
      setTimeout(() => request.socket.destroy(), LATE)
      return
    }
    response.writeHead(http.status, { 'content-type': http.type }).end(http.body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return server
}

/** Ends it, whoever is still connected. */
export async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise<void>(resolve => server.close(() => resolve()))
}
