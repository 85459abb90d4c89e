import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { listSilences } from '../../src/alerts/index.ts'
import { listNotified } from '../../src/drill/list-notified.ts'
import { findLacking } from '../../src/lab/shipped/requirements.ts'
import { leaveOut, requires } from '../environment/requires.ts'
import { findDrift, readTranscript } from './read-transcript.ts'
import { provideShippedLab } from './shipped-lab.ts'

const PAGE = 'docs/deployment/first-day.md'
const LIMIT = 1_800_000
const NEEDS = ['prometheus', 'prometheus-alertmanager', 'jq', 'restic', 'createdb', 'psql']

const lacking = findLacking(process.env.PATH)
if (lacking.length > 0) leaveOut('the guides in the lab as shipped', lacking.join('; '))

describe.runIf(lacking.length === 0 && requires('the guides in the lab as shipped', NEEDS))('as shipped', () => {
  const { status, type, run, nameBridgectl } = provideShippedLab()

  /** Waits until these alerts fire, and no others: those that are silenced, or those that are not. */
  async function waitForAlerts(which: 'silenced' | 'active', names: readonly string[]): Promise<void> {
    const { alertmanagerUrl = '' } = await status()
    const states = ['silenced', 'active', 'inhibited'].map(state => `${state}=${state === which}`).join('&')
    const listNames = async () => {
      const answer = await fetch(`${alertmanagerUrl}/api/v2/alerts?${states}`)
      const alerts: { labels: { alertname: string } }[] = await answer.json()
      return [...new Set(alerts.map(({ labels }) => labels.alertname))].sort()
    }
    await expect.poll(listNames, { timeout: 300_000 }).toEqual(names)
  }

  /** What the restore closes would page by now, and nobody is. */
  async function waitUntilSilenced(): Promise<void> {
    const { notifications } = await status()
    await waitForAlerts('silenced', MAINTAINED)
    if (!notifications) throw new Error('the lab has no receivers')
    const notified = await listNotified(notifications, new Date(0), AbortSignal.timeout(10_000))
    expect(notified.flatMap(({ alerts }) => alerts).filter(name => MAINTAINED.includes(name))).toEqual([])
  }

  test('the first day goes as its page shows it, and its restore pages nobody', { timeout: LIMIT }, async () => {
    const typed = readTranscript(readFileSync(PAGE, 'utf8'))
    expect(typed.length).toBeGreaterThan(8)
    for (const { command, shown } of typed) {
      const isRestore = command.includes('run restore ')
      // On the page it stays in a terminal of its own.
      const line = command.endsWith('lab up') ? `${command} --detach` : command
      const { output, exitCode } = await type(line, isRestore ? waitUntilSilenced : undefined)
      const told = `$ ${command}\n${output}`
      expect(findDrift(shown, output), told).toBeUndefined()
      expect(exitCode, told).toBe(shown.some(line => line.startsWith('FAILED')) ? 1 : 0)
      if (command.endsWith('lab up')) {
        expect((await status()).profile).toBe('as-shipped')
        await nameBridgectl()
      }
      if (isRestore) expect(await listSilences((await status()).alertmanagerUrl ?? '')).toEqual([])
    }
  })

  test('the routines and the guides for people find what there is', { timeout: LIMIT }, async () => {
    // A restart refuses a few uploads, and a busy machine more.
    await waitForAlerts('active', ['Watchdog'])
    const daily = await run('daily-routine')
    expect(daily.steps, daily.output).toEqual(passed('alerts', 'up', 'held', 'pending', 'room', 'canary'))
    const weekly = await run('weekly-routine')
    const looked = ['budget', 'fired', 'partials', 'certificate', 'keys', 'drift', 'reviews', 'backups']
    // Whether proofs are current is for the checkout to say, and not for the deployment.
    const ofDeployment = weekly.steps.filter(line => !line.startsWith('pages '))
    expect(ofDeployment, weekly.output).toEqual(passed(...looked))
    const handOver = await run('hand-over')
    const open = ['incidents', 'alerts', 'unreverted', 'held', 'changes', 'acknowledged', 'proofs']
    expect(handOver.steps, handOver.output).toEqual(passed(...open))
    const capacity = await run('capacity')
    expect(capacity.output).toContain('nothing is known of the growth')
  })

  test('an access review wants every key and role named', { timeout: LIMIT }, async () => {
    const unnamed = await run('access-review')
    expect(unnamed.steps).toEqual(['keys failed', 'accounts passed', 'approvers passed', 'roles failed'])
    const keys = 'operator,handbook,prometheus,customer,scanner-7'
    const named = await run('access-review', `--param keys=${keys} --param roles=postgres,upload_bridge`)
    expect(named.steps, named.output).toEqual(passed('keys', 'accounts', 'approvers', 'roles'))
  })

  test('a caller’s upload is found by name, and by its id', { timeout: LIMIT }, async () => {
    const sent = await type(
      'UPLOAD_BRIDGE_BRIDGECTL_API_KEY_FILE=$PWD/scanner-7.key bridgectl uploads send $PWD/package.json --json',
    )
    const { id } = JSON.parse(sent.output)
    const call = await run('customer-call', '--param client=scanner-7 --param name=PACKAGE')
    expect(call.steps, call.output).toEqual(passed('fitting', 'trail', 'words', 'concerned'))
    expect(call.output).toContain(`${id}`)
    const found = await run('find-upload', `--param upload=${id}`)
    expect(found.steps, found.output).toEqual(passed('state', 'log', 'meaning'))
  })
})

/** The alerts that closed admission and paused deliveries fire. */
const MAINTAINED = ['UploadBridgeAdmissionClosed', 'UploadBridgeDeliveriesPaused']

const passed = (...steps: readonly string[]) => steps.map(step => `${step} passed`)
