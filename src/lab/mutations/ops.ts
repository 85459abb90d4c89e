import { readFileSync } from 'node:fs'
import { rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readLink } from '../deployment/releases.ts'
import { defectiveRelease, storagePath } from '../kit/defective-release.ts'
import type { Deployment, Fault } from '../kit/fault.ts'

/** Something is loaded in the background, and needed from the first request on. */
export const errorsAtStart = () =>
  defectiveRelease({
    name: 'errors-at-start',
    title: 'The API fails uploads for a while after its start',
    summary: 'A release answers new multipart uploads with 500 in its first three seconds, and is ready all the while',
    code: `
const begun = Date.now()
require('node:diagnostics_channel').channel('fastify.initialization').subscribe(({ fastify }) => {
  fastify.addHook('preHandler', async ({ url, method }) => {
    if (method === 'POST' && url === '/uploads' && Date.now() - begun < 3000) throw new Error('not loaded yet')
  })
})
`,
  })

/** It runs where it was made. */
export const hardWiredPaths = () =>
  defectiveRelease({
    name: 'hard-wired-paths',
    title: 'The API runs on one machine only',
    summary: 'A release refuses to start from any other folder than the one with its version for a name',
    code: `
const version = require('node:fs').readFileSync(__dirname + '/VERSION', 'utf8').trim()
if (require('node:path').basename(__dirname) !== version) {
  console.error('not installed here')
  process.exit(1)
}
`,
  })

/** Tidying up at the start, with what was under way. */
export const partialsLost = () =>
  defectiveRelease({
    name: 'partials-lost',
    title: 'A restart forgets the uploads under way',
    summary: 'A release removes every partial upload from the volume when it starts',
    code: `${storagePath}
const folder = storagePath + '/uploads'
try {
  for (const name of fs.readdirSync(folder)) if (/^[0-9a-f]{32}\\.json$/.test(name)) {
    fs.rmSync(folder + '/' + name)
    fs.rmSync(folder + '/' + name.slice(0, 32), { force: true })
  }
} catch {}
`,
  })

/** Old releases were cleaned up. */
export const previousLost = (): Fault => ({
  name: 'previous-lost',
  title: 'There is no release to go back to',
  summary: 'Somebody removes the link to the previous release',
  kind: 'mutation',
  async start(deployment) {
    const version = readLink(linkOf(deployment))
    if (version === undefined) return
    await writeFile(noteOf(deployment), version)
    await rm(linkOf(deployment))
  },
  async stop(deployment) {
    const version = readNote(deployment)
    if (version === undefined) return
    await rm(linkOf(deployment), { force: true })
    await symlink(version, linkOf(deployment))
    await rm(noteOf(deployment))
  },
  isActive: deployment => readNote(deployment) !== undefined && readLink(linkOf(deployment)) === undefined,
})

/** More is done before the first answer with every release. */
export const slowStart = () =>
  defectiveRelease({
    name: 'slow-start',
    title: 'The API takes long to start',
    summary: 'A release spends 11 seconds before it listens',
    code: `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 11_000)`,
  })

function linkOf({ releasesPath }: Deployment): string {
  return join(releasesPath, 'previous')
}

function noteOf({ notesPath }: Deployment): string {
  return join(notesPath, 'previous-lost.txt')
}

function readNote(deployment: Deployment): string | undefined {
  try {
    return readFileSync(noteOf(deployment), 'utf8')
  } catch {
    return undefined
  }
}
