// Holds every import in src/, type imports included, against the one table of allowed imports, and the table against the imports:
// a permission that nobody uses is a problem, too.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseSync } from 'oxc-parser'

/**
 * Room -> the rooms whose door (`index.ts`, or `pure.ts` for what a browser runs, too) it may use; `type` means: their types only;
 * `pure`: those, and what is behind the door for browsers.
 */
const ALLOWED = {
  base: {},
  procedure: { base: true },
  alerts: { base: true },
  journal: { base: true },
  environments: { base: true },
  'lab-port': { base: true, environments: 'type', journal: 'type' },
  secrets: {},
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
  execute: { base: true, alerts: true, procedure: 'type', environments: 'type', journal: 'type' },
  runner: {
    base: true,
    environments: true,
    procedure: true,
    journal: true,
    alerts: true,
    secrets: true,
    execute: true,
  },
  report: { base: true, procedure: true, journal: true, readiness: true },
  operate: {
    base: true,
    environments: true,
    handbook: true,
    procedure: true,
    alerts: true,
    journal: true,
    lint: true,
    readiness: true,
    execute: true,
    runner: true,
    secrets: true,
    report: 'type',
    'lab-port': true,
  },
  bridge: {},
  lab: { base: true, environments: 'type', 'lab-port': true, alerts: true, journal: 'type' },
  drill: {
    base: true,
    environments: 'type',
    handbook: true,
    procedure: true,
    journal: true,
    alerts: true,
    lint: true,
    operate: true,
    'lab-port': true,
  },
  prove: {
    base: true,
    environments: true,
    handbook: true,
    procedure: 'type',
    journal: true,
    readiness: true,
    operate: true,
    'lab-port': true,
  },
  server: {
    base: true,
    environments: 'type',
    handbook: true,
    journal: true,
    alerts: true,
    operate: true,
    wire: 'type',
  },
  plugin: {
    base: true,
    environments: true,
    handbook: true,
    procedure: true,
    lint: true,
    journal: true,
    readiness: true,
    report: true,
    search: true,
  },
  search: {},
  wire: { journal: 'type' },
  theme: { base: 'pure', journal: 'pure', report: 'pure', plugin: 'type', search: true, wire: 'type' },
  pages: { theme: true },
  css: {},
  cli: {
    base: true,
    environments: true,
    handbook: true,
    procedure: true,
    journal: true,
    lint: true,
    execute: true,
    runner: true,
    readiness: true,
    report: true,
    operate: true,
    'lab-port': true,
    drill: true,
    prove: true,
    server: true,
  },
}

/** Room -> the npm packages that it may use, for types too; what Node has, every room may use that runs there. */
const PACKAGES = {
  base: ['yaml', 'zod'],
  procedure: [
    'expect',
    'github-slugger',
    'mdast',
    'mdast-util-from-markdown',
    'mdast-util-frontmatter',
    'mdast-util-gfm-footnote',
    'mdast-util-gfm-table',
    'mdast-util-mdx',
    'mdast-util-to-string',
    'micromark-extension-frontmatter',
    'micromark-extension-gfm-footnote',
    'micromark-extension-gfm-table',
    'micromark-extension-mdxjs',
    'vfile-message',
    'yaml',
    'zod',
  ],
  alerts: ['yaml'],
  journal: ['zod'],
  environments: ['zod'],
  operate: ['parse5', 'zod'],
  lint: [
    '@secretlint/core',
    '@secretlint/secretlint-rule-preset-recommend',
    'acorn',
    'github-slugger',
    'mdast',
    'mdast-util-to-string',
    'oxc-transform',
    'parse5',
    'typescript',
    'unbash',
    'yaml',
    'zod',
  ],
  readiness: ['zod'],
  server: ['fastify', 'prom-client', 'zod'],
  handbook: ['yaml', 'zod'],
  execute: ['expect', 'oxc-transform'],
  report: ['mdast', 'picocolors', 'remark', 'remark-gfm'],
  bridge: [
    '@fastify/multipart',
    '@tus/server',
    'citty',
    'fastify',
    'file-type',
    'graphile-worker',
    'pg',
    'pino',
    'prom-client',
    'srvx',
    'tus-js-client',
    'yaml',
    'yauzl',
    'zod',
  ],
  'lab-port': ['zod'],
  lab: ['esbuild', 'pg', 'tus-js-client', 'yaml'],
  plugin: ['@docusaurus/types', 'mdast', 'mdast-util-to-string', 'unist-util-visit', 'zod'],
  search: ['minisearch', 'stemmer'],
  theme: [
    '@docusaurus/*',
    '@generated/*',
    '@theme/*',
    '@theme-original/*',
    'prism-react-renderer',
    'react',
    'react-dom',
  ],
  pages: ['@docusaurus/*', '@theme/*', 'react'],
  cli: ['@clack/prompts', 'chokidar', 'citty', 'picocolors'],
}

/** Rooms that whoever calls gives all of the world that they need: a server calls them for several users, with a process of its own. */
const GIVEN_THE_WORLD = ['operate', 'drill', 'prove', 'server']

/** What they may use of `process` all the same: it is the machine's, and not the caller's. */
const OF_THE_MACHINE = ['kill']

/** Permissions that an import has used, as they are spelt in the tables: `lint base`, `lint zod`. */
const used = new Set()
const sources = listSources('src')
const problems = [
  ...sources.flatMap(file => checkFile(file)),
  ...sources.filter(file => GIVEN_THE_WORLD.includes(roomOf(file))).flatMap(file => checkProcess(file)),
  ...listUnused(),
]
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
else console.log('imports: every one is in the table')

function checkFile(file) {
  const room = roomOf(file)
  if (!(room in ALLOWED)) return [`${file}: src/${room} is no room: add it to the table in scripts/check-imports.mjs`]
  return listImports(file).flatMap(({ line, specifier, typeOnly }) => {
    if (!specifier.startsWith('.')) return checkPackage(specifier, room, `${file}:${line}`)
    const target = relative('.', join(dirname(file), specifier))
    const other = roomOf(target)
    if (!target.startsWith('src/') || other === room) return []
    const place = `${file}:${line}`
    const allowed = ALLOWED[room][other]
    if (!allowed) return [`${place} ${room} may not import ${other}`]
    used.add(`${room} ${other}`)
    if (allowed === 'type' && !typeOnly) return [`${place} ${room} may import only types of ${other}`]
    if (allowed === 'pure' && !typeOnly && !target.endsWith('/pure.ts'))
      return [`${place} ${room} runs in a browser: of ${other} it may import only types, and what pure.ts has`]
    const door = room === 'pages' && other === 'theme' ? /\/index\.tsx?$/ : /^src\/[^/]+\/(?:index|pure)\.ts$/
    return door.test(target) ? [] : [`${place} ${specifier} goes past the door of ${other}: import from its index.ts`]
  })
}

function checkPackage(specifier, room, place) {
  if (specifier.startsWith('node:')) return []
  const parts = specifier.split('/')
  const name = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
  const allowed = PACKAGES[room]?.find(known => known === name || known === `${parts[0]}/*`)
  if (!allowed) return [`${place} ${room} may not import the package ${name}`]
  used.add(`${room} ${allowed}`)
  return []
}

/** Permissions of both tables that no import uses. */
function listUnused() {
  const rooms = Object.entries(ALLOWED).flatMap(([room, others]) => Object.keys(others).map(other => [room, other]))
  const packages = Object.entries(PACKAGES).flatMap(([room, names]) => names.map(name => [room, name]))
  return [...rooms, ...packages]
    .filter(([room, other]) => !used.has(`${room} ${other}`))
    .map(([room, other]) => `scripts/check-imports.mjs ${room} may import ${other}, and does not: take it out`)
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
  // What is computed is somebody else's module: the lab that a handbook names.
  const isLiteral = ({ moduleRequest }) => /^['"`]/.test(text.slice(moduleRequest.start, moduleRequest.end))
  const dynamic = module.dynamicImports.filter(isLiteral).map(({ start, moduleRequest }) => ({
    line: lineOf(start),
    specifier: text.slice(moduleRequest.start, moduleRequest.end).replace(/^['"`]|['"`]$/g, ''),
    typeOnly: false,
  }))
  // Packages that are loaded when they are first needed.
  const required = [...text.matchAll(/(?<![\w.])require\('([@\w][^']*)'\)/g)].map(({ index, 1: specifier }) => ({
    line: lineOf(index),
    specifier,
    typeOnly: false,
  }))
  return [...imported, ...exported, ...dynamic, ...required]
}

/** Where a file looks at the process that it is in, instead of at what its caller gives it. */
function checkProcess(file) {
  const text = readFileSync(file, 'utf8')
  const found = []
  const look = (node, parent) => {
    if (typeof node !== 'object' || node === null) return
    const known = parent?.type === 'MemberExpression' && OF_THE_MACHINE.includes(parent.property.name)
    const named = node.type === 'Identifier' && ['process', '__dirname', '__filename'].includes(node.name)
    if ((named && !known) || (node.type === 'Literal' && node.value === 'node:process')) found.push(node)
    for (const child of Object.values(node)) look(child, Array.isArray(node) ? parent : node)
  }
  look(parseSync(file, text).program)
  return found.map(({ start, name = 'node:process' }) => {
    const line = text.slice(0, start).split('\n').length
    return `${file}:${line} ${roomOf(file)} is given its world by whoever calls it: it may not look at ${name}`
  })
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
