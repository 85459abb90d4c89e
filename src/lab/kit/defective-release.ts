import { readFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../lab-port/index.ts'
import { currentVersion, makeRelease, nextVersion, readLink, relink } from '../deployment/releases.ts'
import { waitUntil } from '../processes/wait-until.ts'
import type { Deployment, Fault } from './fault.ts'

/** The defect of a release. */
export interface Regression extends Pick<Fault, 'name' | 'title' | 'summary' | 'kind'> {
  /** The programs with the defect; by default the API. */
  readonly programs?: readonly ('api' | 'worker' | 'bridgectl')[]
  /** CommonJS code that the program runs before its own code. */
  readonly code: string
  /** The services to restart; by default those among its programs. */
  readonly restarted?: readonly ('api' | 'worker')[]
  /** Whether the defect shows yet. Asked until it does. Without it, the defect is assumed to show. */
  readonly isSeen?: (deployment: Deployment) => Promise<boolean>
}

/**
 * A fault: a defective release is deployed like any other. Healing activates the release before and removes the defective one. The fault is
 * a mutation by default.
 */
export function defectiveRelease(regression: Regression): Fault {
  const { name, title, summary, kind = 'mutation', programs = ['api'], code, isSeen } = regression
  const restarted = regression.restarted ?? (['api', 'worker'] as const).filter(service => programs.includes(service))
  const notePath = ({ notesPath }: Deployment) => join(notesPath, `${name}.json`)
  const readNote = (deployment: Deployment): Note | undefined => {
    try {
      return JSON.parse(readFileSync(notePath(deployment), 'utf8'))
    } catch {
      return undefined
    }
  }
  return {
    name,
    title,
    summary,
    kind,
    async start(deployment) {
      const { releasesPath } = deployment
      const before = currentVersion(releasesPath)
      const version = await nextVersion(releasesPath)
      const folder = await makeRelease(releasesPath, version, join(releasesPath, before))
      for (const program of programs) {
        await rename(join(folder, `${program}.cjs`), join(folder, `${program}.sound.cjs`))
        await writeFile(join(folder, `${program}.cjs`), `'use strict'\n${code}\nrequire('./${program}.sound.cjs')\n`)
      }
      const note: Note = { version, before, previous: readLink(join(releasesPath, 'previous')) }
      await writeFile(notePath(deployment), JSON.stringify(note))
      await deploy(deployment, version)
      if (isSeen) await waitUntilSeen(deployment, isSeen)
    },
    async stop(deployment) {
      const note = readNote(deployment)
      if (!note) return
      const { releasesPath } = deployment
      if (currentVersion(releasesPath) === note.version) await deploy(deployment, note.before)
      // The next deployment may use the same version number. Until then no link may lead to this release.
      const previous = join(releasesPath, 'previous')
      if (readLink(previous) === note.version) await relink(previous, note.previous)
      await rm(join(releasesPath, note.version), { recursive: true, force: true })
      await rm(notePath(deployment))
    },
    isActive: deployment => currentVersion(deployment.releasesPath) === readNote(deployment)?.version,
  }

  async function deploy(deployment: Deployment, version: string): Promise<void> {
    await deployment.bridgectl('releases', 'activate', version)
    await Promise.all(restarted.map(service => deployment.restart(service)))
  }
}

async function waitUntilSeen(
  deployment: Deployment,
  isSeen: (deployment: Deployment) => Promise<boolean>,
): Promise<void> {
  const { signal } = deployment
  if (await waitUntil(() => isSeen(deployment), { timeout: 30_000, interval: 10, signal })) return
  throw new LabError('part-failed', 'the bad release answers every request like the release before')
}

interface Note {
  readonly version: string
  readonly before: string
  readonly previous: string | undefined
}

/** Code of a defective release: each line that the program writes to standard output is replaced by `change(line)`. */
export function changeLines(change: string): string {
  return `
const fs = require('node:fs')
const change = ${change}
const edit = (fd, data) => fd === 1 ? Buffer.from(String(data).split('\\n').map(line => line && change(line)).join('\\n')) : data
const { write, writeSync } = fs
fs.writeSync = (fd, data, ...rest) => {
  const edited = edit(fd, data)
  if (edited === data) return writeSync(fd, data, ...rest)
  for (let at = 0; at < edited.length; ) at += writeSync(fd, edited, at)
  return Buffer.byteLength(data)
}
fs.write = (fd, data, ...rest) => {
  const edited = edit(fd, data)
  if (edited === data) return write(fd, data, ...rest)
  for (let at = 0; at < edited.length; ) at += writeSync(fd, edited, at)
  rest.at(-1)(null, Buffer.byteLength(data), data)
}
`
}

/** Code of a defective release: each answer of the program's HTTP service gets the body from `change(request, reply, body)`. */
export function changeAnswers(change: string): string {
  return `
const change = ${change}
require('node:diagnostics_channel').channel('fastify.initialization').subscribe(({ fastify }) => {
  fastify.addHook('onSend', async (request, reply, body) => change(request, reply, body))
})
`
}

/**
 * Code of a defective release: each request to the program's HTTP service is passed to `change(request, reply)` first. `setHeader(request,
 * name, value)` changes one of its headers.
 */
export function changeRequests(change: string): string {
  return `
const setHeader = ({ raw }, name, value) => {
  raw.headers[name] = value
  raw.rawHeaders = raw.rawHeaders.map((text, at, all) => at % 2 && all[at - 1].toLowerCase() === name ? value : text)
}
const change = ${change}
require('node:diagnostics_channel').channel('fastify.initialization').subscribe(({ fastify }) => {
  fastify.addHook('onRequest', async (request, reply) => change(request, reply))
})
`
}

/** Code of a defective release: each key that the program reads from the keys' file is replaced by `change(key)`. */
export function changeKeys(change: string): string {
  return `
const files = require('node:fs/promises')
const change = ${change}
const { readFile } = files
files.readFile = async (path, ...rest) => {
  const text = await readFile(path, ...rest)
  return String(path).endsWith('keys.json') ? JSON.stringify(JSON.parse(text).map(change)) : text
}
`
}

/** Code of a defective release: the constants `fs` and `storagePath`. The latter is the program's folder on the volume. */
export const storagePath = `
const fs = require('node:fs')
const at = process.argv.indexOf('--config')
const [file] = (at < 0 ? process.env.UPLOAD_BRIDGE_CONFIG : process.argv[at + 1]).split(':')
const [, written] = /^storage:\\n(?: .*\\n)*? {2}path: (.+)$/m.exec(fs.readFileSync(file, 'utf8')) ?? []
const storagePath = process.env.UPLOAD_BRIDGE_STORAGE_PATH ?? written
`

/** Code of a defective release: each admitted request is passed to `change(request, reply)` before its handler. */
export function changeHandling(change: string): string {
  return `
const change = ${change}
require('node:diagnostics_channel').channel('fastify.initialization').subscribe(({ fastify }) => {
  fastify.addHook('preHandler', async (request, reply) => change(request, reply))
})
`
}
