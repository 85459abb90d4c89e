import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createFileStore, createStoreInTwoPlaces, foldIncident } from '../../../src/journal/index.ts'

const BY = { user: 'ana', host: 'ops-1', pid: 1 }
const DECLARED = { fact: { type: 'incident.declared', environment: 'staging' }, by: BY, key: 'declare-1' } as const
const note = (text: string, key = text) => ({ fact: { type: 'note.added', text }, by: BY, key }) as const

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'handbook-incidents-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function declare() {
  const folder = makeFolder()
  const runs = join(folder, 'runs')
  const { incidents } = createFileStore(runs)
  const { event } = await incidents.declare(DECLARED)
  const files = join(folder, 'incidents', event.incident)
  return { runs, incidents, incident: event.incident, files }
}

test('many who add at the same moment lose nothing, and each entry has a number of its own', async () => {
  const { runs, incident } = await declare()
  const texts = Array.from({ length: 40 }, (_, at) => `note ${at}`)
  const stores = [1, 2, 3, 4].map(() => createFileStore(runs).incidents)
  const added = await Promise.all(texts.map((text, at) => stores[at % 4]?.add(incident, note(text))))
  expect(new Set(added.map(one => one?.event.seq)).size).toBe(40)
  const recorded = await stores[0]?.read(incident)
  expect(recorded?.badLine).toBeUndefined()
  expect(recorded?.events.map(({ seq }) => seq)).toEqual(Array.from({ length: 41 }, (_, at) => at + 1))
  const said = recorded?.events.flatMap(event => (event.type === 'note.added' ? event.text : []))
  expect(said?.toSorted()).toEqual(texts.toSorted())
})

test('the same key is one entry, and one incident', async () => {
  const { incidents, incident } = await declare()
  const first = await incidents.add(incident, note('once', 'key-1'))
  expect(await incidents.add(incident, note('once', 'key-1'))).toEqual({ event: first.event, isNew: false })
  const again = await Promise.all([1, 2, 3].map(() => incidents.declare(DECLARED)))
  expect(again.map(({ event, isNew }) => [event.incident, isNew])).toEqual(Array(3).fill([incident, false]))
  expect(await incidents.list()).toEqual([incident])
})

test('what may not stand behind what is recorded is not added', async () => {
  const { incidents, incident } = await declare()
  const refuse = () => {
    throw new Error('not now')
  }
  await expect(incidents.add(incident, note('x'), refuse)).rejects.toThrow('not now')
  expect((await incidents.read(incident))?.events).toHaveLength(1)
  await expect(incidents.add('20200101-000000-none', note('x'))).rejects.toThrow('There is no incident')
  await expect(incidents.add('../runs', note('x'))).rejects.toThrow('There is no incident')
})

test('a line that was changed, taken out or moved is seen, and nothing is added behind it', async () => {
  for (const spoil of [
    (files: string) => {
      const path = join(files, '000002.json')
      writeFileSync(path, readFileSync(path, 'utf8').replace('second', 'other'))
    },
    (files: string) => rmSync(join(files, '000002.json')),
    (files: string) => writeFileSync(join(files, '000002.json'), readFileSync(join(files, '000003.json'))),
  ]) {
    const { incidents, incident, files } = await declare()
    for (const text of ['second', 'third']) await incidents.add(incident, note(text))
    expect(readdirSync(files)).toHaveLength(3)
    spoil(files)
    const recorded = await incidents.read(incident)
    expect(recorded).toMatchObject({ badLine: 2, events: [{ seq: 1 }] })
    await expect(incidents.add(incident, note('fourth'))).rejects.toThrow('Line 2')
  }
})

test('where the handbook’s folder cannot be written, it is kept in the other place, and found there', async () => {
  const folder = makeFolder()
  // A file where a folder should be: also root cannot write below it.
  writeFileSync(join(folder, 'full'), '')
  const store = createStoreInTwoPlaces(join(folder, 'full', 'runs'), join(folder, 'other', 'runs'))
  const { event } = await store.incidents.declare(DECLARED)
  await store.incidents.add(event.incident, note('there'))
  expect((await store.incidents.read(event.incident))?.events).toHaveLength(2)
  expect(await store.incidents.list()).toEqual([event.incident])
})

test('the next word is due as promised, else as the severity asks for, and not once it is closed', async () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 29, 3, minute)).toISOString()
  const event = (seq: number, minute: number, fact: object) =>
    ({ seq, time: at(minute), incident: 'x', by: BY, key: String(seq), ...fact }) as never
  const events = [event(1, 0, DECLARED.fact)]
  const due = () => foldIncident(events)?.due
  expect(due()).toBeUndefined()
  events.push(event(2, 2, { type: 'incident.described', severity: 'SEV1' }))
  expect(due()).toBe(at(15))
  events.push(event(3, 10, { type: 'word.given', text: 'We look' }))
  expect(due()).toBe(at(40))
  events.push(event(4, 11, { type: 'word.promised', next: at(20) }))
  expect(due()).toBe(at(20))
  events.push(event(5, 20, { type: 'word.given', text: 'We still look' }))
  expect(due()).toBe(at(50))
  events.push(event(6, 21, { type: 'incident.closed', unreverted: [] }))
  expect(due()).toBeUndefined()
})

test('a role is somebody else’s only once they accept it', async () => {
  const { incidents, incident } = await declare()
  const add = (key: string, fact: Parameters<typeof incidents.add>[1]['fact']) =>
    incidents.add(incident, { fact, by: BY, key })
  await add('1', { type: 'role.offered', role: 'commander', to: 'ben' })
  const state = async () => foldIncident((await incidents.read(incident))?.events ?? [])
  expect(await state()).toMatchObject({ roles: { commander: 'ana' }, offers: { commander: 'ben' } })
  await add('2', { type: 'role.accepted', role: 'commander', to: 'ben' })
  expect(await state()).toMatchObject({ roles: { commander: 'ben' }, offers: {} })
})
