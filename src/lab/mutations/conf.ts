import { existsSync, statSync } from 'node:fs'
import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { kill } from 'node:process'
import { parse } from 'yaml'
import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'
import { editedConfiguration } from '../kit/edited-configuration.ts'
import type { Deployment, Fault } from '../kit/fault.ts'
import { waitUntil } from '../processes/wait-until.ts'

/** Every change looks right until it is in force. */
export const blindValidation = () =>
  defectiveRelease({
    name: 'blind-validation',
    title: 'Validation finds nothing wrong',
    summary: 'A release of bridgectl calls every configuration valid',
    programs: ['bridgectl'],
    code: `
if (process.argv.includes('validate')) {
  console.log(process.argv.includes('--json') ? '{"valid":true,"problems":[]}' : 'valid')
  process.exit(0)
}
`,
  })

/** It speaks of another deployment than the one that runs. */
export const deafToEnvironment = () =>
  defectiveRelease({
    name: 'deaf-to-environment',
    title: 'Environment variables are ignored',
    summary: 'A release of bridgectl reads its configuration from files alone',
    programs: ['bridgectl'],
    code: `
for (const name of Object.keys(process.env)) {
  if (/^UPLOAD_BRIDGE_(?!CONFIG$|URL$)/.test(name)) delete process.env[name]
}
`,
  })

/** A change of the configuration waits for the next restart, and nobody says so. */
export const deafToSighup = () =>
  defectiveRelease({
    name: 'deaf-to-sighup',
    title: 'The API does not read its configuration again',
    summary: 'A release of the API ignores SIGHUP',
    code: `
const { on } = process
process.on = function (event, listener) {
  return on.call(this, event, event === 'SIGHUP' ? () => undefined : listener)
}
`,
  })

/** Somebody had a slow statement once. */
export const endlessPatience = () =>
  editedConfiguration({
    name: 'endless-patience',
    title: 'A statement may take a day',
    summary: 'database.statementTimeout is 1d in the configuration',
    set: { 'database.statementTimeout': '1d' },
  })

/** The file is right again, but what runs was never told: it goes on with a configuration that is written nowhere. */
export const failedReload = (): Fault => ({
  name: 'failed-reload',
  title: 'The API could not read its configuration, and was not told again',
  summary: 'A wrong configuration was reloaded, and put right without another reload',
  kind: 'mutation',
  async start(deployment) {
    const { configPath } = deployment
    const sound = await readFile(configPath, 'utf8')
    await writeFile(notePath(deployment), '')
    await writeFile(configPath, `${sound}\nno-such-key: true\n`)
    try {
      await reload(deployment, '0')
    } finally {
      await writeFile(configPath, sound)
    }
  },
  async stop(deployment) {
    if (!existsSync(notePath(deployment))) return
    await reload(deployment, '1')
    await rm(notePath(deployment))
  },
  isActive: deployment => existsSync(notePath(deployment)),
})

/** The environment's own values are lost. */
export const firstFileOnly = () =>
  defectiveRelease({
    name: 'first-file-only',
    title: 'Only the first configuration file is read',
    summary: 'A release of bridgectl does not lay one configuration file over the other',
    programs: ['bridgectl'],
    code: `
process.argv = process.argv.map(word => (/^[^:]+\\.(?:ya?ml|json):/.test(word) ? word.split(':')[0] : word))
`,
  })

/** Everybody who ever left still knows the password. */
export const forgottenRotation = () =>
  editedConfiguration({
    name: 'forgotten-rotation',
    title: 'Secrets have not been replaced for years',
    summary: 'secrets.rotatedAt is 2023-01-01 in the configuration',
    set: { 'secrets.rotatedAt': '2023-01-01' },
  })

/** A service manager starts it again and again: it cannot tell this from a crash. */
export const genericExitCodes = () =>
  defectiveRelease({
    name: 'generic-exit-codes',
    title: 'A wrong configuration ends like a crash',
    summary: 'A release of the API exits with 1 in the place of 78 when its configuration is wrong',
    code: `
const { exit } = process
process.exit = code => exit(code === 78 ? 1 : code)
`,
  })

/** It looks as if the change were in force. */
export const halfRestarted = () =>
  editedConfiguration({
    name: 'half-restarted',
    title: 'API and worker run with different configurations',
    summary: 'limits.window was edited, and only the API was restarted',
    set: { 'limits.window': '2h' },
    restarted: ['api'],
  })

/** A secret that everybody with a clone of this repository knows. */
export const publishedSecret = () =>
  editedConfiguration({
    name: 'published-secret',
    title: 'A secret is in the repository',
    summary: 'downstream.token is a text that stands in a file of this repository',
    set: { 'downstream.token': 'upload-bridge-handbook' },
  })

/** Everybody with an account on the machine can use the database. */
export const readableSecrets = (): Fault => ({
  name: 'readable-secrets',
  title: 'Everybody on the machine may read the secrets',
  summary: 'The configuration file, and the file with the password of the database, are readable by all',
  kind: 'mutation',
  start: deployment => changeModes(deployment, mode => mode | FOR_ALL),
  stop: deployment => changeModes(deployment, mode => mode & ~FOR_ALL),
  isActive: ({ configPath }) => ((statSync(configPath, { throwIfNoEntry: false })?.mode ?? 0) & FOR_ALL) > 0,
})

/** What the page and the schema say is not what the release reads. */
export const renamedKey = () =>
  defectiveRelease({
    name: 'renamed-key',
    title: 'A key has another name, and nobody was told',
    summary: 'A release knows auth.mostFailures in the place of auth.maxFailures',
    programs: ['api', 'worker', 'bridgectl'],
    code: `
const { Module } = require('node:module')
const { _compile } = Module.prototype
Module.prototype._compile = function (source, ...rest) {
  return _compile.call(this, source.replaceAll('maxFailures', 'mostFailures'), ...rest)
}
`,
  })

/** A configuration that is pasted into a ticket shows the password of the database. */
export const secretsInDump = () =>
  defectiveRelease({
    name: 'secrets-in-dump',
    title: 'The configuration is shown with its secrets',
    summary: 'A release of bridgectl shows people the URL of the database, password and all',
    programs: ['bridgectl'],
    code: `
const { readFileSync } = require('node:fs')
const { write } = process.stdout
process.stdout.write = text => {
  const file = process.argv[process.argv.indexOf('--config') + 1] ?? ''
  const path = process.argv.includes('--config') ? file : process.env.UPLOAD_BRIDGE_CONFIG
  const written = readFileSync(path.split(':')[0], 'utf8')
  const [, kept] = /^ {2}urlFile: (.+)$/m.exec(written) ?? []
  const [url = ''] = /postgres:[^\\s"]+/.exec(kept === undefined ? written : readFileSync(kept, 'utf8')) ?? []
  return write.call(process.stdout, process.argv.includes('--json') ? text : text.replaceAll('[secret]', url))
}
`,
  })

/** The next start fails, weeks later, and nobody remembers the change. */
export const silentReloadFailure = () =>
  defectiveRelease({
    name: 'silent-reload-failure',
    title: 'A failed reload is not to be seen',
    summary: 'A release of the API reports a successful reload even when it failed',
    code: changeAnswers(`({ url }, reply, body) =>
  url.startsWith('/metrics') ? body.replace(/^(upload_bridge_config_last_reload_successful) 0$/m, '$1 1') : body`),
  })

async function reload(deployment: Deployment, successful: '0' | '1'): Promise<void> {
  const pid = deployment.pid('api')
  if (pid === undefined) throw new Error('the API does not run')
  kill(pid, 'SIGHUP')
  const isSeen = async () => {
    const expected = new RegExp(`^upload_bridge_config_last_reload_successful ${successful}$`, 'm')
    return expected.test(await deployment.readMetrics())
  }
  if (await waitUntil(isSeen, { timeout: 20_000, signal: deployment.signal })) return
  throw new Error('the API did not read its configuration again')
}

/** The bit of a file's mode with which everybody may read it. */
const FOR_ALL = 0o004

async function changeModes({ configPath }: Deployment, change: (mode: number) => number): Promise<void> {
  const { database } = parse(await readFile(configPath, 'utf8'))
  for (const file of [configPath, database.urlFile ?? []].flat()) await chmod(file, change(statSync(file).mode))
}

function notePath({ notesPath }: Deployment): string {
  return join(notesPath, 'failed-reload')
}
