import { describe, expect, it } from 'vitest'
import { type SarifReport, writeSarif } from '../../src/report/index.ts'
import { validateSarif } from './validate-sarif.ts'

const REPORT: SarifReport = {
  tool: { name: 'tool', informationUri: 'https://handbook.example' },
  rules: [
    { id: 'a', summary: 'A is so', help: 'Make it so', level: 'error' },
    { id: 'b', summary: 'B is so', help: 'Make it so', helpUri: 'https://handbook.example/rules#b', level: 'warning' },
  ],
  results: [
    { rule: 'b', level: 'warning', message: 'B is not so', file: 'docs/a page.md', line: 3, column: 4 },
    { rule: 'a', level: 'error', message: 'no', file: 'b#%ü\uD800.md', line: 1, column: 1, suppression: 'until May' },
  ],
}

describe('a SARIF log', () => {
  it('is valid against the schema of SARIF 2.1.0', () => {
    expect(validateSarif(JSON.parse(writeSarif(REPORT)))).toEqual([])
    expect(validateSarif(JSON.parse(writeSarif({ ...REPORT, rules: [], results: [] })))).toEqual([])
    expect(validateSarif({ version: '2.1.0', runs: [{ tool: { driver: {} } }] })).toEqual([
      "/runs/0/tool/driver must have required property 'name'",
    ])
  })

  it('names rules, places and why something does not count', () => {
    const { runs } = JSON.parse(writeSarif(REPORT))
    expect(runs[0].results).toMatchObject([
      {
        ruleId: 'b',
        ruleIndex: 1,
        level: 'warning',
        message: { text: 'B is not so' },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'docs/a%20page.md' },
              region: { startLine: 3, startColumn: 4 },
            },
          },
        ],
      },
      {
        ruleIndex: 0,
        locations: [{ physicalLocation: { artifactLocation: { uri: 'b%23%25%C3%BC%EF%BF%BD.md' } } }],
        suppressions: [{ kind: 'inSource', justification: 'until May' }],
      },
    ])
    expect(runs[0].results[0]).not.toHaveProperty('suppressions')
  })
})
