import type { Problem } from '../base/index.ts'

/** Where a rule stands. */
export interface RulePlace {
  readonly file: string
  /** Line of the rule's name, counted from 1. */
  readonly line: number
  /** Column of the rule's name, counted from 1. */
  readonly column: number
}

/** A Prometheus rule that alerts. */
export interface AlertRule extends RulePlace {
  readonly kind: 'alert'
  readonly group: string
  readonly alert: string
  readonly expr: string
  /** How long the condition holds before the alert fires, as written: `10m`. */
  readonly for?: string
  readonly keepFiringFor?: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/** A Prometheus rule that records a series under a new name. */
export interface RecordingRule extends RulePlace {
  readonly kind: 'record'
  readonly group: string
  readonly record: string
  readonly expr: string
  readonly labels: Readonly<Record<string, string>>
}

/** One rule of a Prometheus rule file. */
export type AlertOrRecordingRule = AlertRule | RecordingRule

/** The rules of a rule file, and its problems. */
export interface RuleFile {
  readonly rules: readonly AlertOrRecordingRule[]
  readonly problems: readonly Problem[]
  /** Why nobody knows whether Prometheus takes the files; absent when promtool was asked. */
  readonly unjudged?: string
}
