import { expect, test } from 'vitest'
import { listRows } from '../../src/drill/draw-matrix.ts'
import { type Drill, parseProcedure } from '../../src/procedure/index.ts'

const page = (id: string) => parseProcedure(`---\nid: ${id}\nalerts: [${id}Alert]\n---\n## Diagnose\n`, `${id}.md`)
const plan = (id: string, drill: Partial<Drill>) => ({
  procedure: page(id),
  drill: { fault: 'full', expect: [], ...drill },
})

test('the matrix has each fault once, with the alerts of all its drills', () => {
  expect(
    listRows([
      plan('A', {}),
      plan('A', { fault: 'slow', alert: 'Slow' }),
      plan('B', {}),
      plan('B', { fault: 'slow', alert: 'Slow' }),
    ]),
  ).toEqual([
    { fault: 'full', alerts: ['AAlert', 'BAlert'] },
    { fault: 'slow', alerts: ['Slow'] },
  ])
})

test('a drill with a second fault is no row of it', () => {
  expect(listRows([plan('A', {}), plan('A', { with: 'slow', alert: 'Other' })])).toEqual([
    { fault: 'full', alerts: ['AAlert'] },
  ])
  expect(() => listRows([plan('A', { with: 'slow' })])).toThrow('one fault at a time')
})
