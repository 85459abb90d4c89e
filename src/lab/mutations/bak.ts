import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { LabError } from '../../lab-port/index.ts'
import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'
import type { Deployment, Fault } from '../kit/fault.ts'

/** A verification that only checks whether the files exist. */
export const blindVerification = () =>
  defectiveRelease({
    name: 'blind-verification',
    title: 'Damaged backups are taken for whole',
    summary: 'A release whose bridgectl backup verify compares no hashes',
    programs: ['bridgectl'],
    code: `
if (process.argv.slice(2, 4).join(' ') === 'backup verify') {
  console.log('whole')
  process.exit(0)
}
`,
  })

/** A refusal that a script would take for success. */
export const carelessImport = () =>
  defectiveRelease({
    name: 'careless-import',
    title: 'A restore that was refused looks like one that was done',
    summary: 'A release whose bridgectl backup import ends with 0 even after a failure',
    programs: ['bridgectl'],
    code: `
if (process.argv.slice(2, 4).join(' ') === 'backup import') process.on('exit', () => (process.exitCode = 0))
`,
  })

/** Somebody else was thought to have a copy. */
export const configurationLeftOut = () =>
  defectiveRelease({
    name: 'configuration-left-out',
    title: 'Backups hold no configuration',
    summary: 'A release whose bridgectl backup export leaves the configuration and its secrets out',
    programs: ['bridgectl'],
    code: `
const { existsSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
const [, , group, command, folder] = process.argv
const path = folder + '/manifest.json'
if (group === 'backup' && command === 'export') process.on('exit', () => {
  if (!existsSync(path)) return
  const manifest = JSON.parse(readFileSync(path, 'utf8'))
  const files = manifest.files.filter(file => !file.path.startsWith('configuration/'))
  writeFileSync(path, JSON.stringify({ ...manifest, files }))
  rmSync(folder + '/configuration', { recursive: true })
})
`,
  })

/** An unmounted volume looks like this: an empty mount point. */
export const copyUnreachable = (): Fault => ({
  name: 'copy-unreachable',
  title: 'The place for copies of backups is gone',
  summary: 'The volume with the second repository is no longer mounted; its mount point is an empty folder',
  kind: 'mutation',
  async start(deployment) {
    if (!existsSync(copyOf(deployment))) throw new LabError('cannot-break', 'no backup was copied here yet')
    await rename(copyOf(deployment), awayOf(deployment))
    await mkdir(copyOf(deployment))
  },
  async stop(deployment) {
    if (!existsSync(awayOf(deployment))) return
    await rm(copyOf(deployment), { recursive: true, force: true })
    await rename(awayOf(deployment), copyOf(deployment))
  },
  isActive: deployment => existsSync(awayOf(deployment)),
})

/** Well meant: a copy that can be read without the password. */
export const plainConfigurationBackup = (): Fault => ({
  name: 'plain-configuration-backup',
  title: 'The configuration lies unencrypted beside the backups',
  summary: 'Somebody copies the file with the password of the database into the folder of the backup repository',
  kind: 'mutation',
  async start(deployment) {
    const { backupPath, configPath } = deployment
    if (!existsSync(join(backupPath, 'repository'))) throw new LabError('cannot-break', 'no backup was made here yet')
    const { database } = parse(await readFile(configPath, 'utf8'))
    await copyFile(database.urlFile ?? configPath, copyPath(deployment))
  },
  stop: deployment => rm(copyPath(deployment), { force: true }),
  isActive: deployment => existsSync(copyPath(deployment)),
})

/** The rows come back, and look well. */
export const restoreWithoutBytes = () =>
  defectiveRelease({
    name: 'restore-without-bytes',
    title: 'A restore brings back rows without their bytes',
    summary: 'A release whose bridgectl backup import leaves the folder of uploads empty',
    programs: ['bridgectl'],
    code: `
const given = process.argv.indexOf('--config')
if (process.argv.slice(2, 4).join(' ') === 'backup import' && given > 0) {
  const { dirname, join } = require('node:path')
  const uploads = join(dirname(process.argv[given + 1]), 'storage', 'uploads')
  const { readdirSync, rmSync } = require('node:fs')
  process.on('exit', () => readdirSync(uploads).forEach(name => rmSync(join(uploads, name))))
}
`,
  })

/** Backups may fail for months, and nobody sees it. */
export const silentBackups = () =>
  defectiveRelease({
    name: 'silent-backups',
    title: 'Metrics do not tell when a backup last succeeded',
    summary: 'A release leaves the timestamps of backups and restore drills out of its metrics',
    code: changeAnswers(`({ url }, reply, body) =>
  url.startsWith('/metrics') ? body.replace(/^upload_bridge_backup_.*\\n/gm, '') : body`),
  })

function copyOf({ backupPath }: Deployment): string {
  return join(backupPath, 'copy')
}

function awayOf({ backupPath }: Deployment): string {
  return join(backupPath, 'copy.away')
}

function copyPath({ backupPath }: Deployment): string {
  return join(backupPath, 'repository', 'upload-bridge.yaml')
}
