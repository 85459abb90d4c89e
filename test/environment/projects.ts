import { readdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'

/** What a test may need, the cheapest first: nothing, programs or much of a processor, a lab, the built site. */
export const PROJECTS = ['unit', 'process', 'lab', 'site'] as const

/** A kind of tests that run together, with so many workers. */
export type Project = (typeof PROJECTS)[number]

/** Tests that take too long for every change: each has a command of its own, `npm run test:NAME`. */
export const SUITES = ['drills', 'chaos', 'browser'] as const

/** A kind of tests that runs by its own command only. */
export type Suite = (typeof SUITES)[number]

/**
 * The project of a folder's tests whose names do not say another one; the nearest folder counts.
 * A test of another project than its folder's says so in its name: `NAME.PROJECT.test.ts`.
 */
export const FOLDERS: Readonly<Record<string, Project>> = {
  alerts: 'unit',
  base: 'unit',
  bridge: 'process',
  'bridge/configuration': 'unit',
  'bridge/control': 'unit',
  'bridge/storage': 'unit',
  'bridge/tus': 'unit',
  'bridge/worker': 'unit',
  cli: 'process',
  drill: 'unit',
  environment: 'unit',
  environments: 'unit',
  execute: 'process',
  guides: 'lab',
  handbook: 'unit',
  journal: 'unit',
  lab: 'lab',
  'lab-port': 'unit',
  'lab/workload': 'unit',
  lint: 'process',
  operate: 'unit',
  plugin: 'unit',
  procedure: 'unit',
  prove: 'unit',
  readiness: 'unit',
  report: 'unit',
  runner: 'process',
  scripts: 'process',
  'scripts/references': 'unit',
  search: 'unit',
  secrets: 'unit',
  server: 'process',
  site: 'site',
  theme: 'site',
}

/** The project or the suite of a test, by its path below `test/`; none where neither its name nor a folder says it. */
export function projectOf(path: string): Project | Suite | undefined {
  const named = /\.([a-z]+)\.test\.ts$/.exec(basename(path))?.[1]
  if (named === 'property') return 'process'
  return [...PROJECTS, ...SUITES].find(project => project === named) ?? projectOfFolder(dirname(path))
}

/** The tests of a project or a suite, by their paths from the repository's root. Throws when any test belongs to none. */
export function listTests(wanted: Project | Suite, root = 'test'): string[] {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.test.ts'))
  const homeless = paths.find(path => projectOf(path) === undefined)
  if (homeless !== undefined)
    throw new Error(
      `${root}/${homeless} belongs to no project: name its folder in test/environment/projects.ts, or say its project in its name, as NAME.process.test.ts`,
    )
  return paths.filter(path => projectOf(path) === wanted).map(path => `${root}/${path}`)
}

function projectOfFolder(folder: string): Project | undefined {
  return folder === '.' ? undefined : (FOLDERS[folder] ?? projectOfFolder(dirname(folder)))
}
