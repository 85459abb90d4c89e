import { LabError } from '../../lab-port/index.ts'

/** A unit of systemd: its directives by section, each with all its values. */
export interface Unit {
  /** The name without `.service`. */
  readonly name: string
  readonly sections: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>
}

/** Reads a unit file. An empty value empties the list before it, as in systemd. */
export function parseUnit(name: string, text: string): Unit {
  const sections = new Map<string, Map<string, string[]>>()
  let section = new Map<string, string[]>()
  for (const line of text.replaceAll('\\\n', ' ').split('\n')) {
    const [, title] = /^\[(.+)\]\s*$/.exec(line) ?? []
    const [, key, value = ''] = /^([A-Za-z]+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (title !== undefined) {
      section = sections.get(title) ?? new Map()
      sections.set(title, section)
    } else if (key !== undefined) section.set(key, value === '' ? [''] : [...(section.get(key) ?? []), value])
    else if (line.trim() !== '' && !/^[#;]/.test(line)) {
      throw new LabError('part-failed', `${name}.service: “${line}” is no directive`)
    }
  }
  return { name, sections }
}

/** The last value of a directive of the service; nothing when the unit does not set it. */
export function readValue(unit: Unit, key: string): string | undefined {
  return unit.sections.get('Service')?.get(key)?.at(-1)
}

/** The same, for a directive without which nothing can be started. Throws a `LabError` when it is missing. */
export function demandValue(unit: Unit, key: string): string {
  const value = readValue(unit, key)
  if (value) return value
  throw new LabError('part-failed', `${unit.name}.service does not set ${key}`)
}

/** The words of a directive with several values, such as `ReadWritePaths`. */
export function wordsOf(unit: Unit, key: string): readonly string[] {
  return (unit.sections.get('Service')?.get(key) ?? []).flatMap(value => value.split(/\s+/)).filter(Boolean)
}

/** Whether a directive says yes. */
export function isOn(unit: Unit, key: string): boolean {
  return /^(?:1|yes|true|on)$/i.test(readValue(unit, key) ?? '')
}
