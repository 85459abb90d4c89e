import { readFileSync, readlinkSync } from 'node:fs'
import { readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { currentVersion, makeRelease } from '../../deployment/releases.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'
import { LabError } from '../../lab-error.ts'
import { waitUntil } from '../../processes/wait-until.ts'

/**
 * The regression, beside the code it came with: a check before the handler that throws for some requests. The service
 * answers, counts and logs what is thrown there as it does any defect of its own. Health and metrics stay good, as they
 * do in the deployments that slip through.
 */
const REGRESSION = `'use strict'
const { channel } = require('node:diagnostics_channel')

channel('fastify.initialization').subscribe(({ fastify }) => {
  fastify.addHook('preHandler', async request => {
    const tenant = Math.random() < 0.4 ? undefined : { limits: {} }
    if (/^\\/(files|uploads)\\b/.test(request.url)) request.limits = tenant.limits
  })
})

require('./api.before.cjs')
`

/** A release that fails a share of the uploads is deployed as any other. */
export const badDeployment: Fault = {
  name: 'bad-deployment',
  title: 'A bad release was deployed',
  summary: 'A new release is deployed that answers 40 % of upload requests with 500',
  async start(deployment) {
    const { releasesPath } = deployment
    const before = currentVersion(releasesPath)
    const version = nextVersion(before, await readdir(releasesPath))
    const folder = await makeRelease(releasesPath, version, join(releasesPath, before))
    await rename(join(folder, 'api.cjs'), join(folder, 'api.before.cjs'))
    await writeFile(join(folder, 'api.cjs'), REGRESSION)
    const note: Note = { version, before, previous: readLink(join(releasesPath, 'previous')) }
    await writeFile(notePath(deployment), JSON.stringify(note))
    await deploy(deployment, version)
    await waitUntilFailing(deployment)
  },
  async stop(deployment) {
    const note = readNote(deployment)
    if (!note) return
    const { releasesPath } = deployment
    if (currentVersion(releasesPath) === note.version) await deploy(deployment, note.before)
    // The next deployment may take the same number; until then nothing may lead back to this one.
    if (readLink(join(releasesPath, 'previous')) === note.version) await relinkPrevious(releasesPath, note)
    await rm(join(releasesPath, note.version), { recursive: true, force: true })
    await rm(notePath(deployment))
  },
  isActive: deployment => currentVersion(deployment.releasesPath) === readNote(deployment)?.version,
}

interface Note {
  readonly version: string
  readonly before: string
  readonly previous: string | undefined
}

/** What an operator does. */
async function deploy(deployment: Deployment, version: string): Promise<void> {
  await deployment.bridgectl('releases', 'activate', version)
  await deployment.restart('api')
  await deployment.restart('worker')
}

async function waitUntilFailing({ url, readKeyFile, signal }: Deployment): Promise<void> {
  const headers = { authorization: `Bearer ${(await readFile(readKeyFile, 'utf8')).trim()}` }
  const fails = async () => {
    const response = await fetch(`${url}/uploads/0`, { headers, signal })
    await response.arrayBuffer()
    return response.status === 500
  }
  if (await waitUntil(fails, { timeout: 30_000, interval: 10, signal })) return
  throw new LabError('part-failed', 'the bad release answers every request as the one before it did')
}

async function relinkPrevious(releasesPath: string, { previous }: Note): Promise<void> {
  const link = join(releasesPath, 'previous')
  await rm(link)
  if (previous !== undefined) await symlink(previous, link)
}

/** The next patch release that is not there yet. */
function nextVersion(version: string, taken: readonly string[]): string {
  const [, stem = '1.0.', patch = '0'] = /^(.*?)(\d+)$/.exec(version) ?? []
  for (let next = Number(patch) + 1; ; next++) if (!taken.includes(`${stem}${next}`)) return `${stem}${next}`
}

function notePath({ notesPath }: Deployment): string {
  return join(notesPath, 'bad-deployment.json')
}

function readNote(deployment: Deployment): Note | undefined {
  try {
    return JSON.parse(readFileSync(notePath(deployment), 'utf8'))
  } catch {
    return undefined
  }
}

function readLink(path: string): string | undefined {
  try {
    return basename(readlinkSync(path))
  } catch {
    return undefined
  }
}
