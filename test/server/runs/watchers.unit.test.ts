import { expect, test } from 'vitest'
import { GONE_AFTER, keepWatchers } from '../../../src/server/runs/watchers.ts'

test('who looks at a run is known until they leave, or say nothing for some seconds', () => {
  let now = 0
  const watchers = keepWatchers(() => now)
  watchers.arrive('run-1', 'window-1', 'ben')
  watchers.arrive('run-1', 'window-2', 'ana')
  watchers.arrive('run-1', 'window-3', 'ben')
  watchers.arrive('run-2', 'window-4', 'carla')
  expect(watchers.list('run-1')).toEqual([
    { person: 'ana', windows: 1 },
    { person: 'ben', windows: 2 },
  ])
  expect(watchers.isHere('run-1', 'window-4')).toBe(false)
  watchers.leave('run-1', 'window-1')
  now = GONE_AFTER
  watchers.arrive('run-1', 'window-3', 'ben')
  expect(watchers.list('run-1')).toHaveLength(2)
  now += 1
  expect(watchers.list('run-1')).toEqual([{ person: 'ben', windows: 1 }])
  expect(watchers.list('run-2')).toEqual([])
})
