// What validation adds to the build of the site: the same pages with Docusaurus alone, with the handbook's plugin and its components,
// and so once more, when nothing changed since; turn and turn about. The processor's time is the fairer of the two figures on a
// machine that does other work.
//
//   npm run bench -- build
//   npm run bench -- build --pages 100 --rounds 1 --json
import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { makeRunbooks } from './make-runbooks.mjs'

const { values } = parseArgs({
  options: {
    pages: { type: 'string', default: '300' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
})
const GOAL = 1.1
const pages = Number(values.pages)
const rounds = Number(values.rounds)
const docusaurus = resolve('node_modules/@docusaurus/core/bin/docusaurus.mjs')
const folder = await mkdtemp(join(tmpdir(), 'handbook-bench-'))
try {
  const plain = await laySite('plain', { src: ['css'], config: withoutHandbook })
  const ours = await laySite('handbook', { src: ['.'], config: text => text })
  const times = { plain: [], ours: [], again: [] }
  for (let round = 0; round < rounds; round++) {
    await rm(join(ours, '.handbook'), { recursive: true, force: true })
    const order = round % 2 === 0 ? ['plain', 'ours', 'again'] : ['ours', 'again', 'plain']
    for (const who of order) times[who].push(await build(who === 'plain' ? plain : ours))
  }
  report(times)
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** A site of the same pages; broken links are looked for, but those of parts that are left out do not end the build. */
async function laySite(name, { src, config }) {
  const root = join(folder, name)
  await mkdir(join(root, 'docs'), { recursive: true })
  await writeFile(join(root, 'docs/start-here.md'), '---\ntitle: Start here\n---\n\nRead on.\n')
  await makeRunbooks(root, pages)
  for (const part of ['static', 'package.json', 'tsconfig.json']) await cp(part, join(root, part), { recursive: true })
  for (const part of src) await cp(join('src', part), join(root, 'src', part), { recursive: true })
  await symlink(resolve('node_modules'), join(root, 'node_modules'))
  const text = await readFile('docusaurus.config.ts', 'utf8')
  const lenient = text.replaceAll("'throw'", "'warn'").replace("sidebarPath: './sidebars.ts', ", '')
  await writeFile(join(root, 'docusaurus.config.ts'), config(lenient))
  return root
}

/** The same configuration with a plugin that does nothing. */
function withoutHandbook(text) {
  const nothing = `{
    HandbookError: Error,
    KnownProcedures: class {},
    handbookPlugin: async () => ({ name: 'nothing' }),
    readTarget: async () => ({}),
    remarkProcedure: () => () => {},
  }`
  const changed = text.replace('await loadPluginRoom()', nothing).replaceAll(/\.\.\.listFaults\([^)]*\)/g, '')
  if (!changed.includes("name: 'nothing'"))
    throw new Error('docusaurus.config.ts loads its plugin otherwise than it did')
  return changed.replace('faults: listFaults(),', '')
}

/** Seconds that passed, and seconds of a processor. */
function build(root) {
  const child = spawn(
    'bash',
    ['-c', 'TIMEFORMAT="%R %U %S"; time "$@"', 'build', process.execPath, docusaurus, 'build'],
    {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1', LC_ALL: 'C' },
    },
  )
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += chunk))
  return new Promise((done, fail) => {
    child.on('close', code => {
      const [, passed, user, system] = /([\d.]+) ([\d.]+) ([\d.]+)\s*$/.exec(said) ?? []
      if (code !== 0 || passed === undefined)
        fail(new Error(`the build of ${root} ended with ${code}:\n${said.slice(-3000)}`))
      else done({ passed: Number(passed), used: Number(user) + Number(system) })
    })
  })
}

function report(times) {
  const medianOf = (who, key) => median(times[who].map(time => time[key]))
  const ratio = (who, key) =>
    Math.round(median(times[who].map((time, index) => time[key] / times.plain[index][key])) * 100) / 100
  const figures = key => ({
    plain: medianOf('plain', key),
    handbook: medianOf('ours', key),
    ratio: ratio('ours', key),
    again: medianOf('again', key),
    ratioAgain: ratio('again', key),
  })
  const result = {
    pages,
    rounds,
    goal: GOAL,
    load: loadavg()[0],
    passed: figures('passed'),
    processor: figures('used'),
  }
  if (values.json) {
    const rows = [
      { name: 'building with the handbook', value: result.processor.ratio, unit: '× Docusaurus alone', goal: GOAL },
    ]
    console.log(JSON.stringify({ ...result, rows }))
    return
  }
  console.log(
    `${pages} runbooks; medians of ${rounds} rounds; load ${result.load.toFixed(1)}; goal ≤ ${GOAL.toFixed(2)} × plain\n`,
  )
  console.log(`${''.padEnd(24)}${['plain', 'handbook', 'again'].map(who => who.padStart(14)).join('')}`)
  for (const [name, { plain, handbook, ratio, again, ratioAgain }] of [
    ['seconds passed', result.passed],
    ['seconds of a processor', result.processor],
  ]) {
    const cells = [
      plain.toFixed(1),
      `${handbook.toFixed(1)} ${ratio.toFixed(2)} ×`,
      `${again.toFixed(1)} ${ratioAgain.toFixed(2)} ×`,
    ]
    console.log(`${name.padEnd(24)}${cells.map(cell => cell.padStart(14)).join('')}`)
  }
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
