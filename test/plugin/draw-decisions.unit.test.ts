import { toString as toText } from 'mdast-util-to-string'
import { visit } from 'unist-util-visit'
import { expect, test } from 'vitest'
import { drawDecisions } from '../../src/plugin/draw-decisions.ts'

const STEPS = [
  { id: 'worker', number: '1.1', title: 'Does it run?' },
  { id: 'restart', number: '2.1', title: 'Restart it' },
]
const decisions = [
  { step: 'facts', suggests: [], rulesOut: ['nothing to see'] },
  {
    step: 'worker',
    suggests: [
      { suggests: 'restart', why: 'it ended at …' },
      { suggests: 'restart', why: '… … %' },
      { suggests: null, why: 'it is odd' },
    ],
    rulesOut: ['it runs', 'it runs', '… …', 'it was paused'],
  },
]

test('each step that suggests something leads to its mitigations, with the words that are known', () => {
  const [list, end] = drawDecisions(decisions, { steps: STEPS, escalate: 'call' })
  const lines: string[] = []
  visit(list ?? { type: 'root', children: [] }, 'paragraph', node => void lines.push(toText(node)))
  expect(lines).toEqual([
    '1.1 Does it run?',
    'suggests 2.1 Restart it: it ended at …',
    'suggests 2.1 Restart it',
    'suggests what it decides as it runs: it is odd',
    'rules it out: it runs; it was paused',
  ])
  const addresses: string[] = []
  for (const node of [list, end]) if (node) visit(node, 'link', ({ url }) => void addresses.push(url))
  expect(addresses).toEqual(['#worker', '#restart', '#restart', '#call'])
})

test('where nothing is suggested, nothing is drawn', () => {
  expect(drawDecisions(decisions.slice(0, 1), { steps: STEPS })).toEqual([])
})
