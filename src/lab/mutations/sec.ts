import { changeAnswers, changeRequests, defectiveRelease, storagePath } from '../kit/defective-release.ts'
import { editedConfiguration } from '../kit/edited-configuration.ts'
import type { Fault } from '../kit/fault.ts'

/** Many servers name their version by default. */
export const banner = () =>
  defectiveRelease({
    name: 'banner',
    title: 'Answers say what software they come from',
    summary: 'A release sends the header Server with name and version',
    code: changeAnswers(`(request, reply, body) => {
  reply.header('Server', 'Fastify/5.12.8 (Node.js ' + process.version + ')')
  return body
}`),
  })

/** A friendly page for people who are lost. */
export const echoingErrors = () =>
  defectiveRelease({
    name: 'echoing-errors',
    title: 'Errors are pages that repeat what was asked for',
    summary: 'A release answers addresses with markup in them with a page of HTML that has the markup in it',
    code: changeAnswers(`({ url }, reply, body) => {
  if (reply.statusCode !== 404 || !/%3cimg/i.test(url)) return body
  reply.type('text/html')
  return '<p>There is no ' + decodeURIComponent(url) + '</p>'
}`),
  })

/** A limit that is checked too late. */
export const endlessUploads = () =>
  defectiveRelease({
    name: 'endless-uploads',
    title: 'Nothing is too large',
    summary: 'A release takes every new upload for one byte long and ignores the size that it announces',
    code: changeRequests(`request => {
  const isLarge = Number(request.headers['upload-length']) > 2_000_000_000
  if (isLarge && request.method === 'POST' && request.url.startsWith('/files')) setHeader(request, 'upload-length', '1')
}`),
  })

/** Code for the program that serves: it is started to inspect an archive, too, and then knows no configuration. */
const whereServed = (code: string) => `if (process.argv[2] !== 'inspect-archive') {${code}}`

/** The textbook's path traversal. */
export const idsAsPaths = () =>
  defectiveRelease({
    name: 'ids-as-paths',
    title: 'The id in an address is a path on the volume',
    summary: 'A release sends any file of the machine as an upload’s content when asked for its path',
    code: whereServed(
      `${storagePath}${changeRequests(`({ url }, reply) => {
  const [, id] = /^\\/uploads\\/([^/]+)\\/content$/.exec(url) ?? []
  if (id === undefined || !/%2f/i.test(id)) return
  return reply.send(fs.readFileSync(storagePath + '/uploads/' + decodeURIComponent(id)))
}`)}`,
    ),
  })

/** The name says what it is. */
export const namesBelieved = () =>
  defectiveRelease({
    name: 'names-believed',
    title: 'What a file is, is not looked at',
    summary: 'A release takes names that end in .pdf without looking at the bytes',
    code: changeRequests(`request => {
  const given = request.headers['upload-metadata']
  if (request.method !== 'POST' || !request.url.startsWith('/files') || given === undefined) return
  setHeader(request, 'upload-metadata', given.replace(/(^|,)filename (\\S+)/, (whole, comma, name) => {
    const plain = String(Buffer.from(name, 'base64')).replace(/\\.pdf$/, '')
    return comma + 'filename ' + Buffer.from(plain).toString('base64')
  }))
}`),
  })

/** A folder that is nice to look at. */
export const namesOnDisk = () =>
  defectiveRelease({
    name: 'names-on-disk',
    title: 'Files lie on the volume under the names that clients gave them',
    summary: 'A release makes a file with the client’s name beside an upload, even where the name is a path',
    code: whereServed(
      `${storagePath}${changeRequests(`({ method, url, raw }) => {
  const [, name] = /(?:^|,)filename (\\S+)/.exec(raw.headers['upload-metadata'] ?? '') ?? []
  const path = String(Buffer.from(name ?? '', 'base64'))
  if (method !== 'POST' || !url.startsWith('/files') || !path.includes('/')) return
  try {
    fs.writeFileSync(storagePath + '/uploads/' + path, '', { flag: 'wx' })
  } catch {}
}`)}`,
    ),
  })

/** Somebody made room for one client. */
export const noQuota = () =>
  editedConfiguration({
    name: 'no-quota',
    title: 'No client has a quota',
    summary: 'limits.bytesPerWindow is 0 in the configuration: one client may take the whole volume',
    set: { 'limits.bytesPerWindow': 0 },
  })

/** Nobody sees them, so nobody misses them. */
export const noSecurityHeaders = () =>
  defectiveRelease({
    name: 'no-security-headers',
    title: 'Answers have no Content-Security-Policy',
    summary: 'A release leaves Content-Security-Policy, and with it frame-ancestors, out of its answers',
    code: changeAnswers(`(request, reply, body) => {
  reply.removeHeader('content-security-policy')
  return body
}`),
  })

/** For the sake of one old client. */
export const oldTls = () =>
  defectiveRelease({
    name: 'old-tls',
    title: 'TLS 1.0 and 1.1 are accepted',
    summary: 'A release makes its server of HTTPS for every version of TLS and every cipher',
    code: `
const https = require('node:https')
const { createServer } = https
https.createServer = (options, handler) =>
  createServer({ ...options, minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }, handler)
`,
  })

/** The textbook's SQL injection, as it looks from outside. */
export const pastedIds = () =>
  defectiveRelease({
    name: 'pasted-ids',
    title: 'The id in an address is part of a statement',
    summary:
      'A release finds an upload for an id with a condition in it that is always true, and waits where it is told to sleep',
    code: changeRequests(`async ({ method, url }, reply) => {
  const [, id] = /^\\/uploads\\/([^/]+)$/.exec(url) ?? []
  if (method !== 'GET' || id === undefined) return
  const statement = decodeURIComponent(id)
  if (/pg_sleep/.test(statement)) await new Promise(resolve => setTimeout(resolve, 500))
  if (/' or '1'='1/i.test(statement)) return reply.send({ id: 'a'.repeat(32), name: 'of somebody else', state: 'delivered' })
}`),
  })

/** The effect of a quote in an SQL statement that is built from text. */
export const pastedNames = () =>
  defectiveRelease({
    name: 'pasted-names',
    title: 'Names of files are part of a statement',
    summary: 'A release fails with 500 when the name of a file has a quote in it',
    code: changeRequests(`({ method, url, raw }) => {
  const [, name = ''] = /(?:^|,)filename (\\S+)/.exec(raw.headers['upload-metadata'] ?? '') ?? []
  if (method === 'POST' && url.startsWith('/files') && String(Buffer.from(name, 'base64')).includes("'")) {
    throw new Error('unterminated quoted string')
  }
}`),
  })

/** A release that leaves file modes to the account that starts it. */
export const readableFiles = () =>
  defectiveRelease({
    name: 'readable-files',
    title: 'Everybody on the machine can read what customers sent',
    summary: 'A release sets no umask of its own: its files are readable for others',
    programs: ['api', 'worker'],
    code: `
process.umask(0o022)
process.umask = () => 0o022
`,
  })

/** A preview that somebody wished for. */
export const shownInBrowsers = () =>
  defectiveRelease({
    name: 'shown-in-browsers',
    title: 'Browsers show what was uploaded',
    summary: 'A release gives the bytes of an upload back as a page, to be shown',
    code: changeAnswers(`({ url }, reply, body) => {
  if (url.endsWith('/content') && reply.statusCode === 200) reply.type('text/html').header('content-disposition', 'inline')
  return body
}`),
  })

/** A line that was meant for a developer's machine. */
export const stackTraces = () =>
  defectiveRelease({
    name: 'stack-traces',
    title: 'Refusals show where in the program they were made',
    summary: 'A release answers malformed requests with a stack trace',
    code: changeAnswers(`(request, reply, body) => {
  if (reply.statusCode !== 400 || typeof body !== 'string' || !body.startsWith('{')) return body
  return JSON.stringify({ ...JSON.parse(body), stack: new Error().stack })
}`),
  })

/** A method for debugging that was never taken out. */
export const traceAnswered = () =>
  defectiveRelease({
    name: 'trace-answered',
    title: 'TRACE repeats the request',
    summary: 'A release answers TRACE with everything that was sent, credentials and all',
    code: changeRequests(`({ method, raw }, reply) =>
  method === 'TRACE' ? reply.code(200).type('message/http').send(raw.rawHeaders.join('\\r\\n')) : undefined`),
  })

/** A scan that never finds anything. */
export const unscanned = (): Fault => {
  const blind = blindRelease()
  const unknowing = new Set<string>()
  return {
    ...blind,
    summary:
      'The scanner lost its signatures and finds nothing; where there is none, a release does not recognise the EICAR test file',
    async start(deployment) {
      if (!deployment.scanner) return blind.start(deployment)
      await deployment.scanner.teach(false)
      unknowing.add(deployment.notesPath)
    },
    async stop(deployment) {
      if (!deployment.scanner) return blind.stop(deployment)
      if (unknowing.delete(deployment.notesPath)) await deployment.scanner.teach(true)
    },
    isActive: deployment => unknowing.has(deployment.notesPath) || blind.isActive(deployment),
  }
}

const blindRelease = () =>
  defectiveRelease({
    name: 'unscanned',
    title: 'Malware is not recognised',
    summary: 'A release reads nothing where it looks for the EICAR test file, and finds nothing',
    code: `
const { toString } = Buffer.prototype
Buffer.prototype.toString = function (encoding, from, to) {
  return encoding === 'latin1' && from === 0 && to === 68 ? '' : toString.call(this, encoding, from, to)
}
`,
  })

/** Somebody's archive of log files was refused. */
export const zipBombs = () =>
  editedConfiguration({
    name: 'zip-bombs',
    title: 'Archives may unpack to anything',
    summary: 'limits.archive.ratio is 100000 in the configuration: a ZIP may unpack to that many times its size',
    set: { 'limits.archive.ratio': 100_000 },
  })
