import { formatJson } from '../base/index.ts'
/** What a SARIF log holds: the tool, the rules that it holds things against, and what it found. */
export interface SarifReport {
  readonly tool: { readonly name: string; readonly informationUri?: string }
  readonly rules: readonly SarifRule[]
  readonly results: readonly SarifResult[]
  /** What was not looked at: without it, no results are read as nothing wrong. */
  readonly notChecked?: readonly string[]
}

/** A rule, as code hosts show it beside what was found. */
export interface SarifRule {
  readonly id: string
  /** One sentence that is true of what is good. */
  readonly summary: string
  /** What to do when it is not. */
  readonly help: string
  /** Where more is said of it. */
  readonly helpUri?: string
  readonly level: SarifLevel
}

/** What was found at a place. */
export interface SarifResult {
  /** The id of one of the rules. */
  readonly rule: string
  readonly level: SarifLevel
  readonly message: string
  /** Path relative to the repository's root, with forward slashes. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 code units. */
  readonly column: number
  /** Why it does not count, if it does not. */
  readonly suppression?: string
}

/** How bad a result is. */
export type SarifLevel = 'error' | 'warning' | 'note'

/**
 * A log in SARIF 2.1.0, which code hosts turn into remarks at the line.
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
 */
export function writeSarif({ tool, rules, results, notChecked = [] }: SarifReport): string {
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { ...tool, rules: rules.map(describeRule) } },
        ...describeInvocation(notChecked),
        columnKind: 'utf16CodeUnits',
        results: results.map(result => describeResult(result, rules)),
      },
    ],
  }
  return `${formatJson(log, 2)}\n`
}

function describeInvocation(notChecked: readonly string[]): object {
  if (notChecked.length === 0) return {}
  const notifications = notChecked.map(text => ({ level: 'warning', message: { text } }))
  return { invocations: [{ executionSuccessful: false, toolExecutionNotifications: notifications }] }
}

function describeRule({ id, summary, help, helpUri, level }: SarifRule): object {
  return {
    id,
    shortDescription: { text: summary },
    help: { text: help },
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { level },
  }
}

function describeResult(
  { rule, level, message, file, line, column, suppression }: SarifResult,
  rules: readonly SarifRule[],
): object {
  const index = rules.findIndex(({ id }) => id === rule)
  return {
    ruleId: rule,
    ...(index < 0 ? {} : { ruleIndex: index }),
    level,
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: file.split('/').map(encodePart).join('/'), uriBaseId: '%SRCROOT%' },
          region: { startLine: line, startColumn: column },
        },
      },
    ],
    ...(suppression === undefined ? {} : { suppressions: [{ kind: 'inSource', justification: suppression }] }),
  }
}

function encodePart(part: string): string {
  return encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\uFFFD'))
}
