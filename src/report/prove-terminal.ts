import pc from 'picocolors'
import { formatDuration } from '../base/index.ts'
import type { CheckProof, TrialVerdict } from '../readiness/index.ts'
import { wrapText } from './wrap-text.ts'

/** A mutation that was tried, for people: its checks when it proves them, else what is wrong. */
export function formatTrial(
  { mutation, proven, declared, reasons }: TrialVerdict,
  seconds: number,
  columns = 80,
): string {
  const took = formatDuration(seconds * 1000).padStart(9)
  const head = `${proven ? pc.green('✓') : pc.red('✗')} ${mutation.padEnd(28)}${took}`
  if (!proven) return [head, ...hang(reasons, 4, columns), ''].join('\n')
  return [head, ...hang([declared.map(({ id }) => `#${id}`).join(', ')], 4, columns), ''].join('\n')
}

/** What came of proving checks, for people: how many, in what time, and those that are not proven. */
export function formatCheckProofs(checks: readonly CheckProof[], seconds: number, columns = 80): string {
  const proven = checks.filter(check => check.proven).length
  const failed = checks.filter(check => !check.proven && check.breaks.length > 0)
  const silent = checks.filter(({ breaks }) => breaks.length === 0)
  const lines = [
    '',
    pc.bold(`${proven} of ${checks.length} checks proven in ${formatDuration(seconds * 1000)}`),
    ...(failed.length > 0 ? [pc.red('Not proven:'), ...hang(failed.map(name), 2, columns)] : []),
    ...(silent.length > 0
      ? ['Not proven, because no mutation is declared for them:', ...hang(silent.map(name), 2, columns)]
      : []),
    '',
  ]
  return lines.join('\n')
}

function name({ id, page, title }: CheckProof): string {
  return `#${id} of ${page}: ${title}`
}

function hang(texts: readonly string[], indent: number, columns: number): string[] {
  const space = ' '.repeat(indent)
  return texts.flatMap(text => wrapText(text, Math.max(40, columns) - indent).map(line => `${space}${line}`))
}
