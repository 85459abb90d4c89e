// Adds to package-lock.json the optional packages of other platforms that a partial mirror of the registry does not hold: without
// them `npm ci` refuses the lock file. Run it after `npm install --package-lock-only`.
import { readFileSync, writeFileSync } from 'node:fs'

const CPUS = ['arm64', 'x64', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32', 'arm']
const SYSTEMS = ['android', 'darwin', 'win32', 'linux', 'freebsd', 'openbsd', 'netbsd', 'sunos', 'aix', 'openharmony']

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const packages = { ...lock.packages }
let added = 0
for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, wanted] of Object.entries(optionalDependencies)) {
    if (places(path, name).some(place => satisfies(packages[place], wanted))) continue
    const top = `node_modules/${name}`
    packages[path && packages[top] ? `${path}/${top}` : top] = describe(name, wanted, dev)
    added += 1
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`)
console.log(`package-lock.json: ${added} packages of other platforms added`)

/** Where Node would look for a package that the one at `path` asks for. */
function places(path, name) {
  const above = path.includes('/node_modules/') ? path.slice(0, path.lastIndexOf('/node_modules/')) : ''
  const here = path === '' ? `node_modules/${name}` : `${path}/node_modules/${name}`
  return path === '' ? [here] : [here, ...places(above, name)]
}

function satisfies(entry, wanted) {
  return entry && (entry.version === wanted || !/^\d/.test(wanted))
}

function describe(name, wanted, dev) {
  const cpu = CPUS.find(cpu => name.includes(cpu))
  const os = SYSTEMS.find(system => name.includes(system))
  const libc = name.includes('musl') ? 'musl' : name.includes('gnu') ? 'glibc' : undefined
  return {
    version: wanted.replace(/^[\^~>=]+/, ''),
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(dev ? { dev } : {}),
    ...(libc ? { libc: [libc] } : {}),
    optional: true,
    ...(os ? { os: [os] } : {}),
  }
}
