import { defectiveRelease } from '../kit/defective-release.ts'

/** Somebody else was thought to have a copy. */
export const configurationLeftOut = defectiveRelease({
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
