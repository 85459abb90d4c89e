import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { judgeAnswer } from '../../../src/bridge/worker/judge-answer.ts'

const ours = 'ab'.repeat(32)
const other = 'cd'.repeat(32)
const now = Date.parse('2026-11-29T12:00:00Z')

function judge(status: number, body: object | string, retryAfter?: string) {
  return judgeAnswer({ status, text: typeof body === 'string' ? body : JSON.stringify(body), retryAfter }, ours, now)
}

it.each([
  [200, ours],
  [201, ours],
  [200, ours.toUpperCase()],
  [202, ` ${ours}\n`],
  [409, ours],
  [409, ours.toUpperCase()],
])('takes %i with the right hash for an acknowledgement', (status, sha256) =>
  expect(judge(status, { sha256 })).toEqual({ result: 'acknowledged' }),
)

it('takes an acknowledgement behind a byte order mark', () =>
  expect(judge(200, `\uFEFF{"sha256":"${ours}"}`)).toEqual({ result: 'acknowledged' }))

it('tells another hash, an answer without one, and a refusal apart', () => {
  expect(judge(200, { sha256: other })).toMatchObject({ result: 'mismatch', isPermanent: false })
  expect(judge(409, { sha256: other })).toMatchObject({ result: 'mismatch', isPermanent: true })
  expect(judge(200, 'fine')).toMatchObject({ result: 'refused', isPermanent: false, isOutage: false })
  expect(judge(204, '')).toMatchObject({ result: 'refused', isPermanent: false })
  expect(judge(409, '')).toMatchObject({ result: 'refused', isPermanent: false })
})

it.each([
  ['20', 20_000],
  ['0', 0],
  ['Sun, 29 Nov 2026 12:01:00 GMT', 60_000],
  ['Sun, 29 Nov 2026 11:00:00 GMT', 0],
  ['99999999', 24 * 3600 * 1000],
  ['soon', undefined],
  [undefined, undefined],
])('reads Retry-After: %s', (header, expected) => {
  const outcome = judge(503, 'later', header)
  expect('retryAfter' in outcome ? outcome.retryAfter : undefined).toBe(expected)
})

it('keeps what a terminal would obey out of the reason', () => {
  const outcome = judge(500, `\u001b[31mboom\n${'y'.repeat(5000)}`)
  expect('error' in outcome ? outcome.error : '').toMatch(/^status 500: \[31mboom y{100,200}$/)
})

const contract = z
  .object({
    paths: z.object({
      '/deliveries': z.object({
        post: z.object({
          responses: z.record(z.string(), z.object({ 'x-outcome': z.enum(['delivered', 'held', 'retried']) })),
        }),
      }),
    }),
  })
  .parse(parse(readFileSync('static/contract/downstream.openapi.yaml', 'utf8')))

it('does with every status what the contract says, and the contract names every status that is treated differently', () => {
  const { responses } = contract.paths['/deliveries'].post
  for (let status = 200; status <= 599; status += 1) {
    const written = responses[status] ?? responses[`${String(status)[0]}XX`] ?? responses.default
    const outcome = judge(status, responses[status]?.['x-outcome'] === 'delivered' ? { sha256: ours } : '')
    const found = outcome.result === 'acknowledged' ? 'delivered' : outcome.isPermanent ? 'held' : 'retried'
    expect([status, found]).toEqual([status, written?.['x-outcome']])
  }
})
