import { expect, test } from 'vitest'
import { describeWaking, type Notified } from '../../src/journal/index.ts'

const told = (given: Partial<Notified>): Notified => ({
  ...{ receiver: 'pager', wakes: true, times: 1, alerts: ['Down'], severities: ['critical'], seconds: 15 },
  ...given,
})
const ticket = told({ receiver: 'tickets', wakes: false, seconds: 4 })

test.each<[Notified[] | undefined, string]>([
  [undefined, 'who was notified is unknown'],
  [[], 'notified nobody'],
  [[ticket], 'made a ticket after 4 s, and woke nobody'],
  [[ticket, told({})], 'woke somebody once, after 15 s'],
  [[told({ times: 2 })], 'woke somebody twice, after 15 s'],
  [[told({}), told({ receiver: 'switch', times: 2, seconds: 9 })], 'woke somebody 3 times, after 9 s'],
])('%j: %s', (notifications, says) => {
  expect(describeWaking({ notifications })).toBe(says)
})
