import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { currentVersion, makeRelease, nextVersion } from '../deployment/releases.ts'
import type { Deployment, Fault } from '../kit/fault.ts'

/** What one mutation does to one program: code that runs before the program's own. */
export interface Defect {
  readonly mutation: string
  readonly program: string
  /** CommonJS. */
  readonly code: string
}

/** A folder with releases of empty programs, in which mutations make their releases and nothing runs. */
export interface Workshop {
  readonly releasesPath: string
  readonly notesPath: string
}

/** The release that a workshop begins with. */
const EMPTY = '1.0.0'

/** Makes a workshop for these programs, in a folder that is not there yet. */
export async function makeWorkshop(folder: string, programs: readonly string[]): Promise<Workshop> {
  const workshop = { releasesPath: join(folder, 'releases'), notesPath: join(folder, 'notes') }
  const release = join(workshop.releasesPath, EMPTY)
  await Promise.all([release, workshop.notesPath].map(path => mkdir(path, { recursive: true })))
  await Promise.all(programs.map(name => writeFile(join(release, `${name}.cjs`), '')))
  await symlink(EMPTY, join(workshop.releasesPath, 'current'))
  return workshop
}

/** A deployment whose releases are those of the workshop. Services are not restarted: they get everything at once, later. */
export function withWorkshop(deployment: Deployment, { releasesPath, notesPath }: Workshop): Deployment {
  return {
    ...deployment,
    releasesPath,
    notesPath,
    bridgectl: async (...words) => (words[0] === 'releases' ? undefined : deployment.bridgectl(...words)),
    restart: async () => undefined,
  }
}

/**
 * Starts a mutation in a deployment with a workshop, and returns the defects of the release that it makes. There are none when it does
 * something else to the deployment. Throws what the mutation throws.
 */
export async function collectDefects(mutation: Fault, deployment: Deployment): Promise<Defect[]> {
  const { releasesPath } = deployment
  await mutation.start(deployment)
  const made = (await readdir(releasesPath)).find(name => name !== EMPTY && name !== 'current')
  if (made === undefined) return []
  const release = join(releasesPath, made)
  const files = await readdir(release)
  const programs = files.flatMap(name => /^(.*)\.sound\.cjs$/.exec(name)?.[1] ?? [])
  const defects = programs.map(async program => {
    const text = await readFile(join(release, `${program}.cjs`), 'utf8')
    return { mutation: mutation.name, program, code: withoutProgram(text, program) }
  })
  const read = await Promise.all(defects)
  await rm(release, { recursive: true })
  return read
}

/** The code before the line that loads the program itself. Throws when there is no such line: then the defect is not what we know. */
function withoutProgram(text: string, program: string): string {
  const loads = `require('./${program}.sound.cjs')\n`
  if (text.endsWith(loads)) return text.slice(0, -loads.length)
  throw new Error(`the defect of ${program} does not end with the program`)
}

/**
 * Makes one release with all of these defects from the current one, and returns its version. Each defect is a file of its own, so that none
 * sees another's names; they run in the order given, and then the program.
 */
export async function composeRelease(releasesPath: string, defects: readonly Defect[]): Promise<string> {
  const version = await nextVersion(releasesPath)
  const folder = await makeRelease(releasesPath, version, join(releasesPath, currentVersion(releasesPath)))
  for (const program of new Set(defects.map(({ program }) => program))) {
    const own = defects.filter(defect => defect.program === program)
    await rename(join(folder, `${program}.cjs`), join(folder, `${program}.sound.cjs`))
    const file = ({ mutation }: Defect) => `${program}.${mutation}.cjs`
    await Promise.all(own.map(defect => writeFile(join(folder, file(defect)), defect.code)))
    await writeFile(join(folder, `${program}.cjs`), writeProgram(program, own.map(file)))
  }
  return version
}

/** Programs are also started to do one piece of work with the path of a file; that work has no configuration, and no defects. */
function writeProgram(program: string, files: readonly string[]): string {
  const loads = files.map(file => `  require('./${file}')\n`).join('')
  return `'use strict'\nif (process.argv[2] !== 'inspect-archive') {\n${loads}}\nrequire('./${program}.sound.cjs')\n`
}
