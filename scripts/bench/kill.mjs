// Runs that are killed at instants spread evenly over their time, and resumed: none may repeat a step that had ended, lose an event,
// or leave a process. Judged from the outside: by a file to which each step appends, and by what the runner had told before it died.
// As root, the disk of every fourth run gets full at its first step: what its ledger has no room for is read where it is meanwhile.
//
//   npm run bench -- kill
//   npm run bench -- kill --runs 24 --json
import { spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseOptions } from './parse-options.mjs'

const values = parseOptions({
  runs: { type: 'string', default: '200' },
  bundles: { type: 'string', default: 'dist' },
  parallel: { type: 'string', default: '2' },
  json: { type: 'boolean', default: false },
})
const count = Number(values.runs)
if (!Number.isInteger(count) || count < 1) throw new Error(`--runs ${values.runs} is not a number of runs`)
const handbook = resolve(values.bundles, 'handbook.cjs')
/** Milliseconds after its runner's end within which nothing of a run may be alive. */
const LIMIT = 2000
/** The steps of the page, in the order in which a run takes them. */
const STEPS = ['look', 'probe', 'shed', 'grow', 'admit', 'canary', 'hello']

/** The small disks that are mounted now. */
const mounted = new Set()

const root = await mkdtemp(join(tmpdir(), 'handbook-kill-'))
try {
  const length = await measure()
  const results = []
  const waiting = Array.from({ length: count }, (_, index) => index)
  const work = async () => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift())
      results.push(await killAndResume(index, length))
  }
  await Promise.all(Array.from({ length: Number(values.parallel) }, work))
  report(results, length)
} finally {
  for (const folder of mounted) spawnSync('umount', [folder])
  await rm(root, { recursive: true, force: true })
}

/** Whether the disk of a run gets full: only root can mount one. */
function getsFull(index) {
  return process.getuid?.() === 0 && index % 4 === 1
}

/** Milliseconds from a run's first event to its last. */
async function measure() {
  const times = []
  for (let index = 0; index < 3; index++) {
    const place = await prepare(`measure-${index}`)
    const run = start(place, ['run', 'page.md', '--auto', '--json'])
    const begun = await run.begun
    const { code } = await run.over
    if (code !== 0) throw new Error(`a run that nobody killed ended with exit code ${code}: ${run.text()}`)
    times.push(performance.now() - begun)
  }
  return times.toSorted((a, b) => a - b)[1]
}

/** Kills a run at its instant, every fifth one once more while it is resumed, and lets it go on to its end. */
async function killAndResume(index, length) {
  let place = await prepare(`run-${index}`, getsFull(index))
  const wrong = []
  const told = new Map()
  const half = new Set()
  const decision = index % 2 === 0 ? 'repeat' : 'skip'
  let slowest = 0
  let kills = 0
  let share = (index + 0.5) / count
  let args = ['run', 'page.md', '--auto', '--json']
  for (let session = 0; session < 8; session++) {
    const wanted = kills === 0 || (kills === 1 && index % 5 === 0)
    const run = start(place, args)
    await run.begun
    const signalled = wanted && (await kill(run, share * length))
    const { code } = await run.over
    const heard = readEvents(run.text())
    for (const event of heard) told.set(event.seq, event)
    const resumption = heard.find(({ type }) => type === 'run.resumed')
    // Of a step of which nobody heard that it began, the runner may know better; of one that was said to have ended, never.
    if (resumption?.interrupted && !isSaidToHaveEnded(resumption, told)) half.add(resumption.interrupted.step)
    const killed = signalled && !(await isRecordedToEnd(place))
    if (!killed) {
      if (code !== 0 && !signalled) wrong.push(`ended with exit code ${code}: ${run.text().slice(-400)}`)
      // It was over before its instant came, on a machine that hurries: once more, earlier.
      if (kills > 0) break
      await place.remove()
      place = await prepare(`run-${index}`, getsFull(index))
      told.clear()
      share *= 0.7
      continue
    }
    kills += 1
    share = ((index * 7) % count) / count / 2
    slowest = Math.max(slowest, await waitUntilGone(place.mark, wrong))
    const open = findOpen([...told.values()])
    if (open !== undefined) half.add(open)
    args = ['runs', 'resume', await findRun(place), '--auto', '--json', '--interrupted', decision]
  }
  if (kills === 0) wrong.push('could not be killed before its end')
  else wrong.push(...(await judge(place, told, half, decision)))
  await place.remove()
  return { index, kills, half: half.size, slowest, wrong }
}

/** Whether a step that is to be repeated or left as it is was said to have ended before. */
function isSaidToHaveEnded({ seq, interrupted: { step } }, told) {
  const before = [...told.values()].filter(event => event.seq < seq && event.step === step)
  return (
    before.toSorted((a, b) => a.seq - b.seq).findLast(({ type }) => /^step\.(?:started|finished)$/.test(type))?.type ===
    'step.finished'
  )
}

/** Whether a run that was killed had come to its end all the same, and had only not left yet. */
async function isRecordedToEnd(place) {
  const lines = (await readLedger(place)).split('\n')
  const [begun, finished] = ['run.(?:started|resumed)', 'run.finished'].map(type =>
    lines.findLastIndex(line => new RegExp(`"type":"${type}"`).test(line)),
  )
  return finished > begun
}

/** A run's ledger, wherever its lines stand: a full disk has the last ones in the room that the run reserved. */
async function readLedger(place) {
  const exported = start(place, ['runs', 'export', await findRun(place), '--format', 'ndjson'])
  await exported.over
  return exported.text()
}

/** Kills a runner so many milliseconds after its first event. False when it had ended by then. */
async function kill(run, delay) {
  const timer = new Promise(done => setTimeout(done, delay, true))
  if (!(await Promise.race([timer, run.over.then(() => false)]))) return false
  run.child.kill('SIGKILL')
  return (await run.over).signal === 'SIGKILL'
}

/** Holds what happened, as others saw it, against what may have happened, and against the ledger. */
async function judge(place, told, half, decision) {
  const wrong = []
  const seen = (await readFile(place.witness, 'utf8').catch(() => '')).trimEnd().split('\n')
  for (const step of STEPS) {
    const starts = seen.filter(line => line.startsWith(`start ${step} `)).length
    const ends = seen.filter(line => line.startsWith(`end ${step} `)).length
    const changes = ['shed', 'grow', 'admit', 'hello'].includes(step)
    if (!half.has(step)) {
      if (starts !== 1 || ends !== 1) wrong.push(`${step} started ${starts} times and ended ${ends} times`)
    } else if (changes && decision === 'skip') {
      if (starts > 1) wrong.push(`${step} was to be left as it was, and started ${starts} times`)
    } else if (starts < 1 || ends < 1) wrong.push(`${step} was to be repeated, and ended ${ends} times`)
  }
  // Half a line at the end is one that the runner was killed in.
  const ledger = (await readLedger(place)).split('\n').filter(line => line.startsWith('{'))
  const kept = ledger.map(line => line.replace(/,"chain":"[0-9a-f]{64}"\}$/, '}'))
  for (const [seq, event] of told) {
    if (kept[seq - 1] !== JSON.stringify(event) && !isUnkept(kept[seq - 1], event))
      wrong.push(`event ${seq}, ${event.type}, was told and is not in the ledger`)
  }
  const numbers = kept.map(line => JSON.parse(line).seq)
  if (numbers.some((seq, index) => seq !== index + 1)) wrong.push('the ledger’s events are not numbered one by one')
  // What is said of the record itself may come after the end.
  const last = JSON.parse(kept.findLast(line => line.includes('"type":"run.finished"')) ?? '{}')
  if (last.outcome !== 'healed') wrong.push(`ended as ${last.outcome}: ${last.reason}`)
  const shown = start(place, ['runs', 'show', await findRun(place), '--json'])
  if ((await shown.over).code !== 0) wrong.push('its ledger cannot be verified')
  return wrong
}

/** Whether a line says that this output was there, and that the record had no room for its text. */
function isUnkept(line, { seq, type, step }) {
  const kept = JSON.parse(line ?? '{}')
  return type === 'step.output' && kept.unkept > 0 && kept.seq === seq && kept.type === type && kept.step === step
}

/** The step that had begun, and of which nobody was told that it ended. */
function findOpen(events) {
  const last = events
    .toSorted((a, b) => a.seq - b.seq)
    .findLast(({ type }) => type === 'step.started' || type === 'step.finished')
  return last?.type === 'step.started' ? last.step : undefined
}

/** Waits until no process with this mark is alive. Says how many milliseconds that took. */
async function waitUntilGone(mark, wrong) {
  const begun = performance.now()
  for (;;) {
    const waited = performance.now() - begun
    const living = findLiving(mark)
    if (living.length === 0) return waited
    if (waited > LIMIT) {
      wrong.push(`${living.length} processes alive ${LIMIT} ms after the runner was killed`)
      for (const pid of living) process.kill(pid, 'SIGKILL')
      return waited
    }
    await new Promise(done => setTimeout(done, 10))
  }
}

/** The processes that bear a mark; read at one go, so that a busy machine does not make it last. */
function findLiving(mark) {
  return readdirSync('/proc').flatMap(name => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0')[0] === mark
        ? Number(name)
        : []
    } catch {
      return []
    }
  })
}

/** A folder, perhaps with a small disk for the record, with a page whose steps tell the witness, and start what would outlive a runner. */
async function prepare(name, full = false) {
  const cwd = join(root, name)
  const state = join(cwd, 'state')
  await mkdir(state, { recursive: true })
  if (full && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'handbook-kill', state]).status !== 0)
    throw new Error(`no small disk could be mounted on ${state}`)
  if (full) mounted.add(state)
  const remove = async () => {
    if (full) spawnSync('umount', [state])
    mounted.delete(state)
    await rm(cwd, { recursive: true })
  }
  const fill = full ? `cat /dev/zero 2> /dev/null >> ${state}/fill || true; ` : ''
  const witness = join(cwd, 'witness')
  const mark = `handbook-kill-${process.pid}-${name}`
  const say = word => `echo "${word} $ID $$" >> ${witness}`
  const bash = (id, meta = '', extra = '') => `### ${id} <!-- #${id} -->

\`\`\`bash ${meta}
ID=${id}
${say('start')}
( env -i setsid bash -c 'exec -a ${mark} sleep 600' > /dev/null 2>&1 & echo $! > ${cwd}/${id}.pid )
bash -c 'trap "" TERM HUP INT; exec -a ${mark} sleep 600' > /dev/null 2>&1 &
sleep 0.05
kill -9 $! "$(cat ${cwd}/${id}.pid)"
${extra}
${say('end')}
\`\`\`
`
  const ts = (id, meta = '', extra = '') => `### ${id} <!-- #${id} -->

\`\`\`ts ${meta}
fs.appendFileSync('${witness}', \`start ${id} \${process.pid}\\n\`)
const child = require('node:child_process').spawn('sleep', ['600'], { argv0: '${mark}', detached: true, stdio: 'ignore' })
await sleep(50)
child.kill('SIGKILL')
${extra}
fs.appendFileSync('${witness}', \`end ${id} \${process.pid}\\n\`)
\`\`\`
`
  const page = `---
title: Killed
alerts: [Killed]
---

## Diagnose

${bash('look', '', `${fill}echo full=97 >> "$STEP_OUTPUT"; hb suggest shed "it is full"`)}
${ts('probe', '', "suggest('grow', 'it is full: ' + steps.look.full)")}
## Mitigate

${bash('shed', 'temporary')}
${ts('grow')}
## Verify

${ts('canary')}
${bash('hello', 'risk=change', 'test "$STEP_LOOK_FULL" = 97')}
## Roll back

${bash('admit', 'undoes=shed')}
`
  await writeFile(join(cwd, 'page.md'), page)
  return { cwd, state, witness, mark, remove, runs: join(state, 'handbook', 'runs') }
}

async function findRun({ runs }) {
  const [run] = await readdir(runs)
  return run
}

/** Starts the command; `begun` is when its first event is heard, or its end. */
function start({ cwd, state }, args) {
  const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...inherited } = process.env
  const child = spawn(process.execPath, [handbook, ...args], {
    cwd,
    env: { ...inherited, XDG_STATE_HOME: state },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const over = new Promise(done => child.on('close', (code, signal) => done({ code, signal })))
  const begun = new Promise(done => {
    child.stdout.once('data', () => done(performance.now()))
    void over.then(() => done(performance.now()))
  })
  child.stdout.on('data', bytes => {
    text += bytes
  })
  child.stderr.on('data', bytes => {
    text += bytes
  })
  return { child, over, begun, text: () => text }
}

/** The events that were told whole. */
function readEvents(text) {
  return text
    .split('\n')
    .slice(0, -1)
    .flatMap(line => (line.startsWith('{"seq"') ? [JSON.parse(line)] : []))
}

function report(results, length) {
  const bad = results.filter(({ wrong }) => wrong.length > 0)
  const sum = {
    runs: results.length,
    killed: results.filter(({ kills }) => kills > 0).length,
    killedTwice: results.filter(({ kills }) => kills > 1).length,
    inAStep: results.filter(({ half }) => half > 0).length,
    onFullDisks: results.filter(({ index }) => getsFull(index)).length,
    milliseconds: Math.round(length),
    slowestEnd: Math.round(Math.max(...results.map(({ slowest }) => slowest))),
    wrong: bad.map(({ index, wrong }) => ({ run: index, wrong })),
  }
  const rows = [
    { name: 'killed runs that were resumed wrongly', value: bad.length, unit: 'runs', goal: 0 },
    { name: 'the last of a killed run is gone', value: sum.slowestEnd, unit: 'ms', goal: LIMIT },
  ]
  if (values.json) console.log(JSON.stringify({ ...sum, rows }))
  else {
    console.log(
      `${sum.runs} runs of ${sum.milliseconds} ms, killed at instants spread evenly over them: ${sum.killed} killed ` +
        `(${sum.killedTwice} again while they were resumed), ${sum.inAStep} of them in a step, ${sum.onFullDisks} on a disk that got full`,
    )
    console.log(`${sum.runs - bad.length} resumed to their end, with no finished step repeated and no event lost`)
    console.log(`nothing of a killed run was alive after ${sum.slowestEnd} ms`)
    for (const { run, wrong } of sum.wrong) for (const text of wrong) console.log(`✗ run ${run}: ${text}`)
  }
  if (bad.length > 0 || sum.killed < count) process.exitCode = 1
}
