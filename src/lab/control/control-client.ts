import { once } from 'node:events'
import { closeSync, existsSync, openSync, realpathSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { isRunning } from '../../base/index.ts'
import { LAB_ERROR_CODES, LabError } from '../../lab-port/index.ts'
import { findClaimant } from '../lifecycle/claim-directory.ts'
import { waitUntil } from '../processes/wait-until.ts'
import type { BridgeLabStatus, RemoteLab } from '../status.ts'

/** Sends a request to the lab in a folder. Returns `undefined` when no lab listens there. Throws `LabError` when the lab refuses. */
export async function requestLab(directory: string, method: 'GET' | 'POST', path: string): Promise<unknown> {
  // A running lab answers a question at once. A command takes as long as it needs.
  const response = await open(directory, method, path, method === 'GET' ? AbortSignal.timeout(10_000) : undefined)
  if (!response) return undefined
  const body: unknown = await json(response)
  if (response.statusCode === 200) return body
  const { code, message } = { code: '', message: '', ...Object(body) }
  throw new LabError(LAB_ERROR_CODES.find(known => known === code) ?? 'part-failed', String(message))
}

async function open(
  directory: string,
  method: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<IncomingMessage | undefined> {
  const socket = openSocketPath(directory)
  try {
    const outgoing = request({ socketPath: socket.path, method, path, agent: false, ...(signal && { signal }) })
    outgoing.end()
    const [response] = await once(outgoing, 'response')
    return response
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (ABSENT.includes(code)) return undefined
    if (code === 'EACCES') throw new LabError('not-permitted', `the lab in ${directory} belongs to another user`)
    throw error
  } finally {
    socket.close()
  }
}

/** The codes for: no socket, nobody listens on it, the lab went down during the request, the lab hangs. */
const ABSENT = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'ENOTDIR', 'ABORT_ERR']

/** The longest path for a socket's address that fits on every system, in bytes. */
const LONGEST = 103

/** A path for a lab's control socket that is short enough, however deep its folder is. Close it after use. */
export function openSocketPath(directory: string): { readonly path: string; close(): void } {
  const path = join(directory, 'control.sock')
  if (Buffer.byteLength(path) <= LONGEST) return { path, close: () => undefined }
  const folder = openSync(directory, 'r')
  return { path: `/proc/self/fd/${folder}/control.sock`, close: () => closeSync(folder) }
}

/** The lab that runs in a folder; undefined when none does. */
export async function connectLab(path: string): Promise<RemoteLab | undefined> {
  if (!existsSync(path)) return undefined
  const directory = realpathSync(path)
  const ask = async (method: 'GET' | 'POST', address: string) => {
    const answer = await requestLab(directory, method, address)
    if (answer === undefined) throw new LabError('stopped', `the lab in ${directory} is not running any more`)
    return answer
  }
  if (!isStatus(await requestLab(directory, 'GET', '/status'))) return undefined
  return {
    async status() {
      const status = await ask('GET', '/status')
      if (isStatus(status)) return status
      throw new LabError('part-failed', 'the lab gave an answer that is not a status')
    },
    async break(fault) {
      await ask('POST', `/break?fault=${encodeURIComponent(fault)}`)
    },
    async heal(fault) {
      await ask('POST', fault === undefined ? '/heal' : `/heal?fault=${encodeURIComponent(fault)}`)
    },
    async down({ now = false } = {}) {
      const owner = findClaimant(directory)
      await ask('POST', now ? '/down?now' : '/down')
      await waitUntil(() => findClaimant(directory) === undefined, { timeout: 60_000 })
      if (owner) await waitUntil(() => !isRunning(owner), { timeout: 2000 })
    },
  }
}

function isStatus(value: unknown): value is BridgeLabStatus {
  return typeof value === 'object' && value !== null && 'state' in value && 'processes' in value
}
