import { readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addedKey } from '../kit/added-key.ts'
import { changeAnswers, changeHandling, defectiveRelease } from '../kit/defective-release.ts'
import { editedConfiguration } from '../kit/edited-configuration.ts'
import type { Deployment, Fault } from '../kit/fault.ts'
import { query } from '../postgres/postgres.ts'

const INDEX = 'uploads_at_rest'

/** Everybody waits for one long computation. */
export const blockedLoop = () =>
  defectiveRelease({
    name: 'blocked-loop',
    title: 'The event loop is blocked now and then',
    summary: 'A release computes for 1.8 seconds with every sixtieth POST /uploads',
    code: changeHandling(`async ({ method, url }) => {
  if (!(method === 'POST' && url === '/uploads')) return
  globalThis.seenUploads = (globalThis.seenUploads ?? 0) + 1
  if (globalThis.seenUploads % 60 > 0) return
  for (const end = Date.now() + 1800; Date.now() < end; );
}`),
  })

/** A fault that a single test upload does not show. */
export const failingUnderLoad = () =>
  defectiveRelease({
    name: 'failing-under-load',
    title: 'The API fails as soon as there is something to do',
    summary: 'A release answers POST /uploads with 500 while six others are under way',
    code: changeHandling(`async ({ method, url }, reply) => {
  if (!(method === 'POST' && url === '/uploads')) return
  const open = (globalThis.openUploads ??= new Set())
  if (open.size >= 6) throw new Error('too many')
  open.add(reply)
  reply.raw.once('close', () => open.delete(reply))
}`),
  })

/** A few slow clients keep everybody else out. */
export const fewUploadsAtOnce = () =>
  defectiveRelease({
    name: 'few-uploads-at-once',
    title: 'Only 16 uploads are taken at the same time',
    summary: 'A release lets POST /uploads wait while 16 others are under way',
    code: changeHandling(`async ({ method, url }, reply) => {
  if (!(method === 'POST' && url === '/uploads')) return
  const gate = (globalThis.uploadGate ??= { free: 16, waiting: [] })
  if (gate.free > 0) gate.free -= 1
  else await new Promise(resolve => gate.waiting.push(resolve))
  const leave = () => {
    const next = gate.waiting.shift()
    if (next) next()
    else gate.free += 1
  }
  if (reply.raw.destroyed) leave()
  else reply.raw.once('close', leave)
}`),
  })

/** The client begins again, and again. */
export const forgottenPartials = () =>
  defectiveRelease({
    name: 'forgotten-partials',
    title: 'An upload that was cut off cannot be resumed',
    summary: 'A release answers HEAD /files/:id with 404 unless every PATCH of it ended well',
    code: changeHandling(`async ({ method, url, raw }, reply) => {
  const cut = (globalThis.cutUploads ??= new Set())
  if (method === 'HEAD' && cut.has(url)) return reply.code(404).send()
  if (method !== 'PATCH') return
  cut.add(url)
  reply.raw.once('finish', () => cut.delete(url))
}`),
  })

/** An outage of downstream becomes an outage of uploads. */
export const largeFilesDeliveredFirst = () =>
  defectiveRelease({
    name: 'large-files-delivered-first',
    title: 'Large uploads are acknowledged when they are delivered',
    summary:
      'A release answers POST /uploads of more than 1 MiB only when the upload is delivered, or after ten seconds',
    code: `${addedKey('of-delivery')}${changeAnswers(`async ({ method, url, headers, socket }, reply, body) => {
  if (!(method === 'POST' && url === '/uploads') || reply.statusCode !== 201 || headers['content-length'] < 1024 * 1024) return body
  const address = 'http://127.0.0.1:' + socket.localPort + '/uploads/' + JSON.parse(body).id
  for (const end = Date.now() + 10000; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 100))) {
    const answer = await fetch(address, { headers: { authorization: 'Bearer of-delivery' } })
    if ((await answer.json()).state === 'delivered') break
  }
  return body
}`)}`,
  })

/** A leak that ends days later, when the process is killed. */
export const leakingUploads = () =>
  defectiveRelease({
    name: 'leaking-uploads',
    title: 'Every upload keeps memory',
    summary: 'A release keeps 1.5 MiB of memory with every POST /uploads',
    code: changeHandling(`async ({ method, url }) => {
  const kept = (globalThis.keptForever ??= [])
  if (method === 'POST' && url === '/uploads') kept.push(Buffer.alloc(1536 * 1024, 1))
}`),
  })

/** A migration that went wrong halfway, or a restore: the service works, and is slow when there are many uploads. */
export const missingIndex = (): Fault => ({
  name: 'missing-index',
  title: 'An index is missing',
  summary: `The index ${INDEX} was dropped: what is asked before each upload of a client reads the whole table`,
  kind: 'mutation',
  async start(deployment) {
    const url = deployment.databaseUrl
    const found = await query(url, `select indexdef from pg_indexes where indexname = '${INDEX}'`)
    await writeFile(notePath(deployment), String(found.rows[0]?.indexdef))
    await query(url, `drop index upload_bridge.${INDEX}`)
  },
  async stop(deployment) {
    const definition = readNote(deployment)
    if (definition === undefined) return
    await query(deployment.databaseUrl, definition.replace('CREATE INDEX', 'CREATE INDEX IF NOT EXISTS'))
    await rm(notePath(deployment))
  },
  isActive: deployment => readNote(deployment) !== undefined,
})

/** Slowness is repaired by guessing. */
export const noProfiles = () =>
  defectiveRelease({
    name: 'no-profiles',
    title: 'No profile can be taken',
    summary: 'A release does not look for requests of bridgectl profile',
    code: `require('node:fs').watchFile = () => undefined`,
  })

/** A lock, a name that is looked up, a cold cache: it works, only slowly. */
export const slowUploads = () =>
  defectiveRelease({
    name: 'slow-uploads',
    title: 'Some uploads take six seconds longer',
    summary: 'A release waits six seconds before it takes what has four to five KiB from POST /uploads',
    code: changeHandling(`async ({ method, url, headers }) => {
  const size = Number(headers['content-length'])
  if (method === 'POST' && url === '/uploads' && size >= 4096 && size < 5120) await new Promise(resolve => setTimeout(resolve, 6000))
}`),
  })

/** Every repeated request reads everything again. */
export const uncachedContent = () =>
  defectiveRelease({
    name: 'uncached-content',
    title: 'Bytes are sent again',
    summary: 'A release does not look at If-None-Match',
    code: changeHandling(`async ({ raw }) => {
  delete raw.headers['if-none-match']
}`),
  })

/** Somebody wanted to refuse nobody. */
export const unlimitedRequests = () =>
  editedConfiguration({
    name: 'unlimited-requests',
    title: 'The API takes everything on',
    summary: 'limits.requestsInFlight is a million in the configuration',
    set: { 'limits.requestsInFlight': 1_000_000 },
  })

function notePath({ notesPath }: Deployment): string {
  return join(notesPath, 'missing-index.sql')
}

function readNote(deployment: Deployment): string | undefined {
  try {
    return readFileSync(notePath(deployment), 'utf8')
  } catch {
    return undefined
  }
}
