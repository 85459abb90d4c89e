// What the handbook adds to the build of the site: the same Markdown in Docusaurus as it comes, in the handbook, and so once more, when
// nothing changed since; turn and turn about. Once for our own pages, once for hundreds of runbooks, and once for as many in folders. The
// processor's time is the fairer of the two figures on a machine that does other work.
//
//   npm run bench -- build
//   npm run bench -- build --pages 100 --rounds 1 --json
//   npm run bench -- build --pages 0                        # our own pages only
import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { makeRunbooks } from './make-runbooks.mjs'
import { parseOptions } from './parse-options.mjs'
import { layPlainSite } from './plain-site.mjs'

const values = parseOptions({
  pages: { type: 'string', default: '300' },
  rounds: { type: 'string', default: '3' },
  json: { type: 'boolean', default: false },
})
const GOAL = 1
const pages = Number(values.pages)
const rounds = Number(values.rounds)
const docusaurus = resolve('node_modules/@docusaurus/core/bin/docusaurus.mjs')
const folder = await mkdtemp(join(tmpdir(), 'handbook-bench-'))
try {
  const results = [await compare('our own pages', await layOwn())]
  if (pages > 0) results.push(await compare(`${pages} runbooks`, await layMany('many', 0)))
  if (pages > 0) results.push(await compare(`${pages} runbooks in 10 folders`, await layMany('folders', 10)))
  report(results)
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** Builds both sites so many times. */
async function compare(name, { ours, plain }) {
  const times = { plain: [], ours: [], again: [] }
  for (let round = 0; round < rounds; round++) {
    await rm(join(ours, '.handbook'), { recursive: true, force: true })
    const order = round % 2 === 0 ? ['plain', 'ours', 'again'] : ['ours', 'again', 'plain']
    for (const who of order) times[who].push(await build(who === 'plain' ? plain : ours))
  }
  return { name, times }
}

/** Our own pages, as they are. */
async function layOwn() {
  const [ours, plain] = [join(folder, 'own'), join(folder, 'own-plain')]
  for (const part of ['docs', 'runbooks', 'scripts', 'handbook.yaml', 'sidebars.ts', 'docusaurus.config.ts'])
    await cp(part, join(ours, part), { recursive: true })
  await layShared(ours)
  await layPlainSite(plain)
  return { ours, plain }
}

/** Many runbooks and one guide. Links to guides that are not there do not end the build. */
async function layMany(name, folders) {
  const [ours, plain] = [join(folder, name), join(folder, `${name}-plain`)]
  await mkdir(join(ours, 'docs'), { recursive: true })
  await writeFile(join(ours, 'docs/start-here.md'), '---\ntitle: Start here\n---\n\nRead on.\n')
  await makeRunbooks(ours, pages, folders)
  await layShared(ours)
  const config = await readFile('docusaurus.config.ts', 'utf8')
  const lenient = config.replaceAll("'throw'", "'warn'").replace("sidebarPath: './sidebars.ts', ", '')
  await writeFile(join(ours, 'docusaurus.config.ts'), lenient)
  await layPlainSite(plain, ours)
  return { ours, plain }
}

/** What any site of the handbook is built from, beside its pages. */
async function layShared(root) {
  for (const part of ['src', 'static', 'package.json', 'tsconfig.json'])
    await cp(part, join(root, part), { recursive: true })
  await symlink(resolve('node_modules'), join(root, 'node_modules'))
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

function report(results) {
  const load = loadavg()[0]
  const compared = results.map(({ name, times }) => ({
    name,
    passed: sumUp(times, 'passed'),
    processor: sumUp(times, 'used'),
  }))
  if (values.json) {
    const rows = compared.flatMap(({ name, processor: { ratio, ratioAgain } }) => [
      { name: `building ${name}`, value: ratio, unit: '× Docusaurus alone', goal: GOAL },
      { name: `building ${name} again`, value: ratioAgain, unit: '× Docusaurus alone', goal: GOAL },
    ])
    console.log(JSON.stringify({ rounds, load, compared, rows }))
    return
  }
  console.log(`medians of ${rounds} rounds; load ${load.toFixed(1)}; goal ≤ ${GOAL.toFixed(2)} × plain`)
  for (const { name, passed, processor } of compared) {
    console.log(`\n${name.padEnd(24)}${['plain', 'handbook', 'again'].map(who => who.padStart(14)).join('')}`)
    printTimes('seconds passed', passed)
    printTimes('seconds of a processor', processor)
  }
}

function sumUp(times, key) {
  const medianOf = who => median(times[who].map(time => time[key]))
  const ratioOf = who =>
    Math.round(median(times[who].map((time, index) => time[key] / times.plain[index][key])) * 100) / 100
  return {
    plain: medianOf('plain'),
    handbook: medianOf('ours'),
    ratio: ratioOf('ours'),
    again: medianOf('again'),
    ratioAgain: ratioOf('again'),
  }
}

function printTimes(name, { plain, handbook, ratio, again, ratioAgain }) {
  const cells = [
    plain.toFixed(1),
    `${handbook.toFixed(1)} ${ratio.toFixed(2)} ×`,
    `${again.toFixed(1)} ${ratioAgain.toFixed(2)} ×`,
  ]
  console.log(`${name.padEnd(24)}${cells.map(cell => cell.padStart(14)).join('')}`)
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
