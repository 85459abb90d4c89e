// Holds every import in src/, type imports included, against the one table of allowed imports.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseSync } from 'oxc-parser'

/** Room -> the rooms whose door (`index.ts`) it may use; `type` means: their types only. */
const ALLOWED = {
  base: {},
  procedure: { base: true },
  alerts: { base: true },
  journal: { base: true },
  environments: { base: true },
  secrets: { base: true },
  lint: { base: true, environments: true, procedure: true, alerts: true, journal: true },
  readiness: { base: true, procedure: true, journal: true },
  handbook: {
    base: true,
    environments: true,
    procedure: true,
    alerts: true,
    journal: true,
    lint: true,
    readiness: true,
  },
  execute: { base: true, procedure: 'type', alerts: true, environments: 'type', journal: 'type' },
  runner: {
    base: true,
    environments: true,
    procedure: true,
    journal: true,
    alerts: true,
    secrets: true,
    execute: true,
  },
  report: { base: true, environments: true, procedure: true, journal: true, readiness: true },
  operate: {
    base: true,
    environments: true,
    procedure: true,
    alerts: true,
    journal: true,
    readiness: true,
    execute: true,
    runner: true,
  },
  bridge: {},
  lab: { base: true, environments: true, alerts: true, journal: 'type' },
  drill: { base: true, procedure: true, journal: true, alerts: true, operate: true, lab: true },
  prove: { base: true, environments: true, procedure: true, readiness: true, operate: true, lab: true },
  plugin: {
    base: true,
    environments: true,
    handbook: true,
    procedure: true,
    lint: true,
    journal: true,
    alerts: true,
    readiness: true,
    report: true,
  },
  theme: { base: 'type', plugin: 'type', journal: true, readiness: 'type' },
  pages: { base: 'type', plugin: 'type', journal: true, theme: true },
  css: {},
  cli: {
    base: true,
    environments: true,
    handbook: true,
    procedure: true,
    alerts: true,
    journal: true,
    lint: true,
    execute: true,
    runner: true,
    readiness: true,
    report: true,
    operate: true,
    lab: true,
    drill: true,
    prove: true,
  },
}

const problems = listSources('src').flatMap(file => checkFile(file))
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
else console.log('imports: every one is in the table')

function checkFile(file) {
  const room = roomOf(file)
  if (!(room in ALLOWED)) return [`${file}: src/${room} is no room: add it to the table in scripts/check-imports.mjs`]
  return listImports(file).flatMap(({ line, specifier, typeOnly }) => {
    if (!specifier.startsWith('.')) return []
    const target = relative('.', join(dirname(file), specifier))
    const other = roomOf(target)
    if (!target.startsWith('src/') || other === room) return []
    const place = `${file}:${line}`
    const allowed = ALLOWED[room][other]
    if (!allowed) return [`${place} ${room} may not import ${other}`]
    if (allowed === 'type' && !typeOnly) return [`${place} ${room} may import only types of ${other}`]
    const door = room === 'pages' && other === 'theme' ? /\/index\.tsx?$/ : /^src\/[^/]+\/index\.ts$/
    return door.test(target) ? [] : [`${place} ${specifier} goes past the door of ${other}: import from its index.ts`]
  })
}

function listImports(file) {
  const text = readFileSync(file, 'utf8')
  const { module } = parseSync(file, text)
  const lineOf = offset => text.slice(0, offset).split('\n').length
  const imported = module.staticImports.map(({ start, moduleRequest, entries }) => ({
    line: lineOf(start),
    specifier: moduleRequest.value,
    typeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
  }))
  const exported = module.staticExports.flatMap(({ start, entries }) =>
    entries
      .filter(({ moduleRequest }) => moduleRequest)
      .map(({ moduleRequest, isType }) => ({ line: lineOf(start), specifier: moduleRequest.value, typeOnly: isType })),
  )
  const dynamic = module.dynamicImports.map(({ start, moduleRequest }) => ({
    line: lineOf(start),
    specifier: text.slice(moduleRequest.start, moduleRequest.end).replace(/^['"`]|['"`]$/g, ''),
    typeOnly: false,
  }))
  return [...imported, ...exported, ...dynamic]
}

function roomOf(path) {
  return path.split('/')[1]
}

function listSources(folder) {
  return readdirSync(folder, { recursive: true })
    .map(name => join(folder, name))
    .filter(path => /\.tsx?$/.test(path))
    .sort()
}
