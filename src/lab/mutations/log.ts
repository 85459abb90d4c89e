import { changeAnswers, changeLines, defectiveRelease } from '../kit/defective-release.ts'
import { editedConfiguration } from '../kit/edited-configuration.ts'

/** The effect of `copytruncate`: lines written between the copy and the emptying are lost for programs that follow the file. */
export const copiedRotation = () =>
  defectiveRelease({
    name: 'copied-rotation',
    title: 'Rotation copies the log file and empties it',
    summary: 'A release of the API copies its full log file instead of moving it aside',
    code: `
const fs = require('node:fs')
const { renameSync } = fs
fs.renameSync = (from, to) => {
  if (!/\\.\\d+$/.test(to)) return renameSync(from, to)
  fs.copyFileSync(from, to)
  fs.truncateSync(from)
}
`,
  })

/** It fills the disk, one day. */
export const endlessLog = () =>
  defectiveRelease({
    name: 'endless-log',
    title: 'Log files are not rotated',
    summary: 'A release of the API lets its log file grow without end',
    code: `
const fs = require('node:fs')
const { renameSync } = fs
fs.renameSync = (from, to) => (/\\.\\d+$/.test(to) ? undefined : renameSync(from, to))
`,
  })

/** The log shows that something failed, but not where. */
export const errorsWithoutStack = () =>
  defectiveRelease({
    name: 'errors-without-stack',
    title: 'Errors are logged without their stack',
    summary: 'A release logs the type and the message of an error, and nothing else of it',
    code: changeLines(`line => {
  const { error, ...rest } = JSON.parse(line)
  return JSON.stringify(error === undefined ? rest : { ...rest, error: { type: error.type, message: error.message } })
}`),
  })

/** The effect of logging by joining strings. */
export const forgedLines = () =>
  defectiveRelease({
    name: 'forged-lines',
    title: 'Clients can forge lines of the log',
    summary: 'A release logs addresses decoded and unescaped, line breaks and all',
    code: changeLines(`line => line.replace(/(?:%[0-9a-f]{2})+/gi, part => decodeURIComponent(part))`),
  })

/** An id that a customer quotes from an answer is not in the log. */
export const lostRequestIds = () =>
  defectiveRelease({
    name: 'lost-request-ids',
    title: 'The lines of a request do not tell its id',
    summary: 'A release leaves http.request.id out of what it logs',
    code: changeLines(`line => {
  const { 'http.request.id': _, ...rest } = JSON.parse(line)
  return JSON.stringify(rest)
}`),
  })

/** Nothing shows any more what takes long. */
export const noDurations = () =>
  defectiveRelease({
    name: 'no-durations',
    title: 'The API logs no durations',
    summary: 'A release leaves event.duration out of the lines of requests',
    code: changeLines(`line => {
  const { 'event.duration': _, ...rest } = JSON.parse(line)
  return JSON.stringify(rest)
}`),
  })

/** Lines for people, as many programs log them. */
export const plainLogs = () =>
  defectiveRelease({
    name: 'plain-logs',
    title: 'The API logs plain text',
    summary: 'A release logs lines such as "INFO request answered" instead of JSON objects',
    code: changeLines(`line => {
  const { '@timestamp': time, 'log.level': level, message, ...rest } = JSON.parse(line)
  return [time, String(level).toUpperCase(), message, ...Object.entries(rest).map(([key, value]) => key + '=' + value)].join(' ')
}`),
  })

/** The part of the log that nobody looks at until deliveries fail. */
export const plainWorkerLogs = () =>
  defectiveRelease({
    name: 'plain-worker-logs',
    title: 'The worker logs plain text',
    summary: 'A release of the worker logs lines such as "INFO delivered" instead of JSON objects',
    programs: ['worker'],
    code: changeLines(`line => {
  const { 'log.level': level, message } = JSON.parse(line)
  return String(level).toUpperCase() + ' ' + message
}`),
  })

/** Somebody turned the log down, against the noise. */
export const quietLogs = () =>
  editedConfiguration({
    name: 'quiet-logs',
    title: 'Only errors are logged',
    summary: 'log.level is error in the configuration: requests leave no line',
    set: { 'log.level': 'error' },
  })

/** A line that was meant for a developer's machine. */
export const secretsInLogs = () =>
  defectiveRelease({
    name: 'secrets-in-logs',
    title: 'The API logs the headers of requests',
    summary: 'A release logs every header that clients send, with their credentials',
    code: `
require('node:diagnostics_channel').channel('fastify.initialization').subscribe(({ fastify }) => {
  fastify.addHook('onRequest', async ({ url, headers }) => {
    const line = { '@timestamp': new Date().toISOString(), 'log.level': 'debug', message: 'headers of ' + url }
    process.stdout.write(JSON.stringify({ ...line, 'service.name': 'upload-bridge-api', headers }) + '\\n')
  })
})
`,
  })

/** Nobody remembers who did it when somebody asks. */
export const shortAuditTrail = () =>
  editedConfiguration({
    name: 'short-audit-trail',
    title: 'The audit trail does not reach back far',
    summary: 'audit.maxSize is 1 MiB and audit.keep 3 in the configuration',
    set: { 'audit.maxSize': '1MiB', 'audit.keep': 3 },
  })

/** Nobody can tell any more who closed admission. */
export const unauditedCommands = () =>
  defectiveRelease({
    name: 'unaudited-commands',
    title: 'The audit trail does not tell what operators do',
    summary: 'A release of bridgectl writes nothing to the audit trail',
    programs: ['bridgectl'],
    code: `
const fs = require('node:fs')
fs.appendFileSync = () => undefined
`,
  })

/** The actions of clients are only in the log, which is rotated away. */
export const unauditedRequests = () =>
  defectiveRelease({
    name: 'unaudited-requests',
    title: 'The audit trail does not tell what clients do',
    summary: 'A release of the API leaves upload.create out of the audit trail',
    code: `
const fs = require('node:fs')
const { appendFileSync } = fs
fs.appendFileSync = (path, text, options) => String(text).includes('"upload.create"') || appendFileSync(path, text, options)
`,
  })

/** Metrics that only their author understands. */
export const unexplainedMetrics = () =>
  defectiveRelease({
    name: 'unexplained-metrics',
    title: 'Metrics have no help text',
    summary: 'A release tells upload_bridge_admission_open without saying what it is',
    code: changeAnswers(`({ url }, reply, body) =>
  url.startsWith('/metrics') ? body.replace(/^# HELP upload_bridge_admission_open .*\\n/m, '') : body`),
  })

/** Somebody tries keys, and nobody sees it. */
export const unloggedFailures = () =>
  defectiveRelease({
    name: 'unlogged-failures',
    title: 'Wrong keys are not logged as such',
    summary: 'A release logs a refused key like any other request that it refuses',
    code: changeLines(`line => {
  const { 'event.action': _, 'event.outcome': __, ...rest } = JSON.parse(line)
  return JSON.stringify(rest)
}`),
  })
