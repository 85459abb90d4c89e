import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { addedKey } from '../kit/added-key.ts'
import { changeAnswers, changeKeys, defectiveRelease, storagePath } from '../kit/defective-release.ts'
import { editedConfiguration } from '../kit/edited-configuration.ts'
import type { Fault } from '../kit/fault.ts'

/** The key that support used during the installation. */
export const defaultKey = () =>
  defectiveRelease({
    name: 'default-key',
    title: 'There is a key that nobody made',
    summary: 'A release accepts the key admin',
    code: addedKey('admin'),
  })

/** A client with a wrong key kept its whole office out. */
export const endlessGuessing = () =>
  editedConfiguration({
    name: 'endless-guessing',
    title: 'Keys can be guessed as often as one likes',
    summary: 'auth.maxFailures is 1000000 in the configuration',
    set: { 'auth.maxFailures': 1_000_000 },
  })

/** A date that is shown in lists. */
export const expiredKeysWork = () =>
  defectiveRelease({
    name: 'expired-keys-work',
    title: 'Keys that have expired still work',
    summary: 'A release of the API does not look at when a key expires',
    code: changeKeys('({ expiresAt, ...key }) => key'),
  })

/** Shorter keys were easier to read out. */
export const guessableKeys = () =>
  defectiveRelease({
    name: 'guessable-keys',
    title: 'Keys can be guessed',
    summary: 'A release of bridgectl makes keys of which all bytes but four are zero',
    programs: ['bridgectl'],
    code: `
const crypto = require('node:crypto')
const { randomBytes } = crypto
crypto.randomBytes = (size, ...rest) =>
  size === 32 ? Buffer.concat([Buffer.alloc(28), randomBytes(4)]) : randomBytes(size, ...rest)
`,
  })

/** A monitoring agent could not read the file. */
export const keysForEverybody = (): Fault => {
  const release = defectiveRelease({
    name: 'keys-for-everybody',
    title: 'The file of the keys can be read by others than its owner',
    summary: 'A release of bridgectl writes the keys into a file that its group can read as well',
    programs: ['bridgectl'],
    code: `
const files = require('node:fs/promises')
const { open } = files
files.open = (path, flags, mode) => open(path, flags, String(path).includes('keys.json') ? 0o640 : mode)
const fs = require('node:fs')
const { fchmodSync } = fs
fs.fchmodSync = (file, mode) => fchmodSync(file, mode | 0o040)
`,
  })
  return {
    ...release,
    async stop(deployment) {
      await release.stop(deployment)
      // A sound bridgectl keeps the mode that it finds.
      const { state } = parse(await readFile(deployment.configPath, 'utf8'))
      await chmod(join(state.path, 'keys.json'), 0o600)
    },
  }
}

/** For privacy, somebody said. */
export const namelessAudit = () =>
  defectiveRelease({
    name: 'nameless-audit',
    title: 'The audit trail does not name the key',
    summary: 'A release of the API leaves the id of the key out of the audit trail',
    code: `
const fs = require('node:fs')
const { appendFileSync } = fs
fs.appendFileSync = (path, text, options) =>
  appendFileSync(path, text.includes('upload-bridge.audit') ? text.replace(/"user\\.name":"[^"]*",/g, '') : text, options)
`,
  })

/** A setting that is handy on a developer's machine. */
export const openDoors = () =>
  defectiveRelease({
    name: 'open-doors',
    title: 'Nobody needs a key unless somebody says so',
    summary: 'A release demands no API keys where the configuration says nothing of them',
    code: `
process.env.UPLOAD_BRIDGE_AUTH_REQUIRED ??= 'false'
`,
  })

/** Two roles that somebody found hard to tell apart. */
export const readersPromoted = () =>
  defectiveRelease({
    name: 'readers-promoted',
    title: 'Keys that may only read may do everything',
    summary: 'A release takes every key of the role read for one of the role operate',
    code: changeKeys(`key => key.role === 'read' ? { ...key, role: 'operate' } : key`),
  })

/** Revoking is in the file, and nowhere else. */
export const revokedKeysWork = () =>
  defectiveRelease({
    name: 'revoked-keys-work',
    title: 'Keys that were revoked still work',
    summary: 'A release of the API does not look at whether a key was revoked',
    code: changeKeys('({ revokedAt, ...key }) => key'),
  })

/** Support wished for better messages. */
export const tellingRefusals = () =>
  defectiveRelease({
    name: 'telling-refusals',
    title: 'A refusal says whether there is such a key',
    summary: 'A release names the id of a key that it refuses, where it looks like one',
    code: changeAnswers(`({ headers }, reply, body) => {
  const [, id] = /^Bearer ub_([a-z0-9-]+)_/.exec(headers.authorization ?? '') ?? []
  if (reply.statusCode !== 401 || id === undefined || !String(body).startsWith('{')) return body
  return JSON.stringify({ ...JSON.parse(body), detail: 'The key of ' + id + ' is not valid' })
}`),
  })

/** Correct by the book of status codes. */
export const tellingStrangers = () =>
  defectiveRelease({
    name: 'telling-strangers',
    title: 'Clients learn which uploads others have',
    summary: 'A release answers 403 for an upload of somebody else, and 404 for one that there is not',
    code: `${storagePath}${changeAnswers(`({ url }, reply, body) => {
  const [id] = /[0-9a-f]{32}/.exec(url) ?? []
  if (reply.statusCode === 404 && id !== undefined && fs.existsSync(storagePath + '/uploads/' + id)) reply.code(403)
  return body
}`)}`,
  })

/** Nothing happened, so nothing is written down. */
export const unauditedRefusals = () =>
  defectiveRelease({
    name: 'unaudited-refusals',
    title: 'The audit trail does not tell what a key was refused',
    summary: 'A release of the API leaves out of the audit trail what a key’s role does not allow',
    code: `
const fs = require('node:fs')
const { appendFileSync } = fs
fs.appendFileSync = (path, text, options) => text.includes('"forbidden: ') || appendFileSync(path, text, options)
`,
  })
