import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { planPractice, type WantedPractice } from '../../../src/drill/index.ts'
import type { Handbook } from '../../../src/environments/index.ts'
import { demandHandbook } from '../../../src/operate/index.ts'
import { createHandbook } from '../../cli/handbook.ts'

let files: Awaited<ReturnType<typeof createHandbook>>
let handbook: Handbook
beforeAll(async () => {
  files = await createHandbook()
  files.write('handbook.yaml', HANDBOOK)
  files.write('lab.mjs', LAB)
  files.write(
    'runbooks/a.md',
    page('[First, Second]', '{ fault: one }', '{ fault: two, alert: Second }', '{ fault: five }'),
  )
  files.write('runbooks/b.md', page('[Third]', '{ fault: one }', '{ fault: three }'))
  files.write('runbooks/silent.md', page('[]', '{ fault: silent }'))
  files.write(
    'broken.md',
    `${page('[Fourth]', '{ fault: hidden }')}\n## Diagnosis\n\n### x\n\n\`\`\`bash\ntrue\n\`\`\`\n`,
  )
  handbook = await demandHandbook(files.cwd)
})
afterAll(() => files.remove())

const HANDBOOK = `url: https://x.example
lab: { module: ./lab.mjs }
environments:
  production: { auto: danger }
  lab: { lab: true }
`
/** A lab of which everything would fail: planning asks it for nothing but its faults. */
const LAB = `const fail = () => { throw new Error('nothing may happen') }
const faults = ['one', 'two', 'three', 'four', 'five', 'silent', 'hidden'].map(name => ({ name, title: 'It is ' + name }))
export const lab = { faults, up: fail, down: fail, status: fail, break: fail, heal: fail }
`

function page(alerts: string, ...drills: string[]): string {
  return `---\ntitle: It\nalerts: ${alerts}\ndrills: [${drills.join(', ')}]\n---\n\n## Diagnose\n\n### Look\n\n\`\`\`bash\ntrue\n\`\`\`\n`
}

const plan = (wanted: Partial<WantedPractice>) =>
  planPractice(handbook, { fault: undefined, surprise: undefined, environment: undefined, ...wanted })

describe('a practice', () => {
  test('of a fault has every page that heals it, and the alerts of their drills', async () => {
    const { environment, plans } = await plan({ fault: 'one' })
    expect(environment).toBe('lab')
    expect(plans).toMatchObject([{ fault: 'one', title: 'It is one', alerts: ['First', 'Third'] }])
    expect(plans[0]?.cures.map(({ page: { id } }) => id)).toEqual(['a', 'b'])
    expect((await plan({ fault: 'two' })).plans).toMatchObject([{ alerts: ['Second'] }])
  })

  test('by surprise tries every fault that has a runbook and an alert, in an order by the seed', async () => {
    const order = async (surprise: { seed?: string }) =>
      (await plan({ surprise })).plans.map(({ fault }) => fault).join(' ')
    const orders = await Promise.all(['1', '1', '2', '3', '4', '5'].map(seed => order({ seed })))
    expect(orders[0]).toBe(orders[1])
    expect(new Set(orders).size).toBeGreaterThan(1)
    for (const one of [...orders, await order({})])
      expect(one.split(' ').sort()).toEqual(['five', 'one', 'three', 'two'])
  })

  test.each<[Partial<WantedPractice>, RegExp]>([
    [{ fault: 'one', environment: 'production' }, /^production is not a lab: a practice breaks/],
    [{ surprise: {}, environment: 'production' }, /^production is not a lab: a practice breaks/],
    [{ surprise: {}, environment: 'staging' }, /^handbook.yaml has no environment staging/],
    [{ surprise: {}, environment: 'constructor' }, /^handbook.yaml has no environment constructor/],
    [{}, /^Say which fault, or --surprise/],
    [{ fault: 'one', surprise: {} }, /^--surprise chooses the fault itself/],
    [{ fault: 'six' }, /^There is no fault six/],
    [{ fault: 'four' }, /^No drill of a runbook that can be read names four and an alert/],
    [{ fault: 'silent' }, /^No drill of a runbook that can be read names silent and an alert/],
    [{ fault: 'hidden' }, /^No drill of a runbook that can be read names hidden and an alert/],
  ])('%j is refused', async (wanted, message) => {
    await expect(plan(wanted)).rejects.toThrow(message)
  })
})
