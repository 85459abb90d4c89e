import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createFileStore, foldIncident } from '../../../src/journal/index.ts'
import { type ObservedAlert, observeAlerts, type SeenAlerts } from '../../../src/operate/incident/observe-alerts.ts'

const BY = { user: 'ana', host: 'ops-1', pid: 1 }
const alert = (name: string, since = '2026-11-29T10:00:00Z'): ObservedAlert => ({ name, labels: { name }, since })
const handed = (name: string, since?: string): ObservedAlert => ({ ...alert(name, since), handedOver: true })

/** An open incident, and what is seen meanwhile. Gives which alerts are on record then, and whether they have ended. */
async function openIncident() {
  const folder = mkdtempSync(join(tmpdir(), 'handbook-observed-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const store = createFileStore(join(folder, 'runs'))
  const fact = { type: 'incident.declared', environment: 'staging' } as const
  const { event } = await store.incidents.declare({ fact, by: BY, key: 'declare-1' })
  return async (seen: SeenAlerts) => {
    await observeAlerts(store, event.incident, seen, BY)
    const recorded = await store.incidents.read(event.incident)
    return foldIncident(recorded?.events ?? [])?.alerts.map(({ name, ended }) => `${name} ${ended ? 'ended' : 'fires'}`)
  }
}

test('what is not among all that fire has ended; where not all are known, nothing has', async () => {
  const see = await openIncident()
  expect(await see({ firing: [alert('A'), alert('B')], all: true })).toEqual(['A fires', 'B fires'])
  expect(await see({ firing: [], all: false })).toEqual(['A fires', 'B fires'])
  expect(await see({ firing: [alert('B')], all: true })).toEqual(['A ended', 'B fires'])
  // The same may begin anew, as it was: whoever was asked says that it fires.
  expect(await see({ firing: [alert('A'), alert('B')], all: true })).toEqual(['A ended', 'B fires', 'A fires'])
})

test('what was handed over ends when its end is handed over, whatever others do not know of it', async () => {
  const see = await openIncident()
  expect(await see({ firing: [handed('A')], all: false })).toEqual(['A fires'])
  expect(await see({ firing: [], all: true })).toEqual(['A fires'])
  expect(await see({ firing: [handed('A')], all: false, ended: [handed('A')] })).toEqual(['A fires'])
  expect(await see({ firing: [], all: false, ended: [handed('A'), handed('Unheard')] })).toEqual(['A ended'])
  // A server that was not told of the end does not begin it anew; what began later is another time.
  expect(await see({ firing: [handed('A')], all: false })).toEqual(['A ended'])
  expect(await see({ firing: [handed('A', '2026-11-29T11:00:00Z')], all: false })).toEqual(['A ended', 'A fires'])
})
